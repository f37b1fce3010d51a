"""CloudFront distributions; gaps of moto 5.2.5.

- The response lacks the function associations of a cache behavior.
- A behavior with a cache policy gets forwarded values that nobody set.
- A missing certificate is returned as an empty name, and the default certificate as in use.
- The response lacks the VPC origin and the access control of an origin.
"""

from typing import Any

from moto.cloudfront.models import DefaultCacheBehaviour, Origin, ViewerCertificate

from local_aws.graft import graft

_init_behaviour = DefaultCacheBehaviour.__init__
_init_certificate = ViewerCertificate.__init__
_init_origin = Origin.__init__

_NONE = {"Quantity": 0}


@graft
class _Behaviour(DefaultCacheBehaviour):
    def __init__(self, config: dict[str, Any]) -> None:
        _init_behaviour(self, config)
        self.lambda_function_associations = config.get("LambdaFunctionAssociations") or _NONE
        self.function_associations = config.get("FunctionAssociations") or _NONE
        if "ForwardedValues" not in config:
            del self.forwarded_values


@graft
class _Certificate(ViewerCertificate):
    def __init__(self, config: dict[str, Any]) -> None:
        _init_certificate(self, config)
        self.iam_certificate_id = config.get("IAMCertificateId")
        self.acm_certificate_arn = config.get("ACMCertificateArn")
        own = bool(self.iam_certificate_id or self.acm_certificate_arn)
        self.cloud_front_default_certificate = not own
        if not own:
            self.ssl_support_method = "vip"


@graft
class _Origin(Origin):
    def __init__(self, origin: dict[str, Any]) -> None:
        _init_origin(self, origin)
        self.vpc_origin_config = origin.get("VpcOriginConfig")
        self.origin_access_control_id = origin.get("OriginAccessControlId") or ""
