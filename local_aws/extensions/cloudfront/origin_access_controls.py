"""CloudFront origin access controls; gaps of moto 5.2.5.

- Two get the same name.
- One is deleted although a distribution uses it.
"""

from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import CloudFrontBackend, OriginAccessControl

from local_aws.extensions.cloudfront.usage import origins_in_use
from local_aws.graft import graft

_create = CloudFrontBackend.create_origin_access_control
_delete = CloudFrontBackend.delete_origin_access_control


class _AlreadyExistsError(CloudFrontException):
    def __init__(self) -> None:
        super().__init__(
            "OriginAccessControlAlreadyExists",
            "An origin access control with the same name already exists.",
        )


class _InUseError(CloudFrontException):
    def __init__(self) -> None:
        super().__init__("OriginAccessControlInUse", "Distributions use the origin access control.")


@graft
class _Backend(CloudFrontBackend):
    def create_origin_access_control(self, config_dict: dict[str, str]) -> OriginAccessControl:
        names = {control.name for control in self.origin_access_controls.values()}
        if config_dict.get("Name") in names:
            raise _AlreadyExistsError
        return _create(self, config_dict)

    def delete_origin_access_control(self, control_id: str) -> None:
        if control_id in origins_in_use(self):
            raise _InUseError
        _delete(self, control_id)
