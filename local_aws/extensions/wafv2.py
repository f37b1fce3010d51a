"""WAF; gaps of moto 5.2.5.

- The error of a second web ACL of the same name has another code than AWS's.
- A web ACL is deleted although a stage or a distribution uses it.
"""

from moto.cloudfront.models import cloudfront_backends
from moto.wafv2.exceptions import WAFv2ClientError, WAFV2DuplicateItemException
from moto.wafv2.models import WAFV2Backend

from local_aws.backends import every_backend
from local_aws.extensions.cloudfront.usage import web_acls_in_use
from local_aws.graft import graft

_delete_web_acl = WAFV2Backend.delete_web_acl


@graft
class _DuplicateError(WAFV2DuplicateItemException):
    def __init__(self) -> None:
        WAFv2ClientError.__init__(
            self,
            "WAFDuplicateItemException",
            "AWS WAF couldn't perform the operation because some resource in your request is a"
            " duplicate of an existing one.",
        )


class _AssociatedError(WAFv2ClientError):
    def __init__(self) -> None:
        super().__init__(
            "WAFAssociatedItemException",
            "AWS WAF couldn't perform the operation because your resource is being used by another"
            " resource or it's associated with another resource.",
        )


@graft
class _Backend(WAFV2Backend):
    def delete_web_acl(self, name: str, scope: str, _id: str, lock_token: str) -> None:
        used = {
            arn
            for backend in every_backend(cloudfront_backends)
            for arn in web_acls_in_use(backend)
        }
        for acl in self.wacls.values():
            if acl.id == _id and (acl.associated_resources or acl.arn in used):
                raise _AssociatedError
        _delete_web_acl(self, name, scope, _id, lock_token)
