"""Cognito user pools; gaps of moto 5.2.5.

- The response lacks the feature plan.
- An update drops the tags and the settings of user names, which it cannot change.
- TagResource, UntagResource and ListTagsForResource are missing.
- UpdateResourceServer and DeleteResourceServer are missing.
- A pool is deleted although it is protected or still has a domain.
"""

from typing import Any

from moto.cognitoidp.exceptions import InvalidParameterException, ResourceNotFoundError
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool, CognitoResourceServer
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult, EmptyResult

from local_aws.graft import graft

_KEPT = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration", "UserPoolTags")

_update_extended_config = CognitoIdpUserPool.update_extended_config
_to_json = CognitoIdpUserPool.to_json
_delete_user_pool = CognitoIdpBackend.delete_user_pool


@graft
class _UserPool(CognitoIdpUserPool):
    extended_config: dict[str, Any] = {}  # noqa: RUF012  # each pool sets its own

    def update_extended_config(self, extended_config: dict[str, Any]) -> None:
        kept = {name: self.extended_config[name] for name in _KEPT if name in self.extended_config}
        _update_extended_config(self, kept | extended_config)
        self.mfa_config = extended_config.get("MfaConfiguration") or "OFF"

    def to_json(self, extended: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002  # as in moto
        answer = _to_json(self, extended)
        return {"UserPoolTier": "ESSENTIALS"} | answer | {"MfaConfiguration": self.mfa_config}


@graft
class _Backend(CognitoIdpBackend):
    def delete_user_pool(self, user_pool_id: str) -> None:
        pool = self.describe_user_pool(user_pool_id)
        if pool.extended_config.get("DeletionProtection") == "ACTIVE":
            message = (
                "The user pool cannot be deleted because deletion protection is activated."
                " Deletion protection must be inactivated first."
            )
            raise InvalidParameterException(message)
        if pool.domain is not None:
            message = (
                "User pool cannot be deleted. It has a domain configured that should be"
                " deleted first."
            )
            raise InvalidParameterException(message)
        _delete_user_pool(self, user_pool_id)


@graft
class _Response(CognitoIdpResponse):
    def _tags(self) -> dict[str, str]:
        arn = self._get_param("ResourceArn")
        for pool in self.backend.user_pools.values():
            if pool.arn == arn:
                return pool.extended_config.setdefault("UserPoolTags", {})
        message = f"Resource {arn} does not exist."
        raise ResourceNotFoundError(message)

    def tag_resource(self) -> ActionResult:
        self._tags().update(self._get_param("Tags"))
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        tags = self._tags()
        for key in self._get_param("TagKeys"):
            tags.pop(key, None)
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        return ActionResult({"Tags": self._tags()})

    def _resource_servers(self) -> dict[str, CognitoResourceServer]:
        pool = self.backend.describe_user_pool(self._get_param("UserPoolId"))
        if self._get_param("Identifier") not in pool.resource_servers:
            message = "Resource server does not exist."
            raise ResourceNotFoundError(message)
        return pool.resource_servers

    def update_resource_server(self) -> ActionResult:
        server = self._resource_servers()[self._get_param("Identifier")]
        server.name = self._get_param("Name")
        server.scopes = self._get_param("Scopes", [])
        return ActionResult({"ResourceServer": server.to_json()})

    def delete_resource_server(self) -> ActionResult:
        del self._resource_servers()[self._get_param("Identifier")]
        return EmptyResult()
