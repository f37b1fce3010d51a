"""Cognito user pool domains; gaps of moto 5.2.5.

- A domain is taken from another user pool.
"""

from moto.cognitoidp.exceptions import InvalidParameterException
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPoolDomain

from local_aws.graft import graft

_create_domain = CognitoIdpBackend.create_user_pool_domain


@graft
class _Backend(CognitoIdpBackend):
    def create_user_pool_domain(
        self, user_pool_id: str, domain: str, custom_domain_config: dict[str, str] | None = None
    ) -> CognitoIdpUserPoolDomain:
        if domain in self.user_pool_domains:
            message = f"Domain already associated with another user pool: {domain}"
            raise InvalidParameterException(message)
        return _create_domain(self, user_pool_id, domain, custom_domain_config)
