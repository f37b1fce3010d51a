"""CloudFront VPC origins; gaps of moto 5.2.5.

- Create, Get, List, Update and Delete are missing.

As on AWS, the first VPC origin in a VPC creates the security group that CloudFront's connections
come from, and deleting the last one deletes the group.
"""

from typing import Any, cast

from moto.cloudfront import urls
from moto.cloudfront.exceptions import CloudFrontException, InvalidIfMatchVersion
from moto.cloudfront.models import CloudFrontBackend, random_id
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.security_groups import SecurityGroup
from moto.elbv2.models import elbv2_backends

from local_aws.graft import graft

SERVICE_GROUP = "CloudFront-VPCOrigins-Service-SG"

_init = CloudFrontBackend.__init__


class _NotFoundError(CloudFrontException):
    def __init__(self) -> None:
        super().__init__("EntityNotFound", "The specified VPC origin does not exist.")


class _VpcOrigin:
    """A VPC origin; moto's serializer reads its attributes into the response."""

    status = "Deployed"

    def __init__(self, backend: CloudFrontBackend, config: dict[str, Any]) -> None:
        self.id = f"vo_{random_id(length=22)}"
        self.account_id = backend.account_id
        self.arn = f"arn:{backend.partition}:cloudfront::{backend.account_id}:vpcorigin/{self.id}"
        self.created_time = utcnow()
        self.update(config)
        self.service_vpc = self.vpc_id

    @property
    def ec2(self) -> EC2Backend:
        """The EC2 backend of the load balancer's region."""
        return ec2_backends[self.account_id][self.origin_endpoint_arn.split(":")[3]]

    def service_group(self) -> SecurityGroup | None:
        """Return CloudFront's security group in the VPC, if it exists."""
        return self.ec2.get_security_group_from_name(SERVICE_GROUP, self.service_vpc)

    def remove_service_group(self) -> None:
        """Delete CloudFront's security group in the VPC, if it exists."""
        group = self.service_group()
        if group is not None:
            self.ec2.delete_security_group(group_id=group.id)

    @property
    def vpc_id(self) -> str:
        """The load balancer's VPC."""
        region = self.origin_endpoint_arn.split(":")[3]
        balancers = elbv2_backends[self.account_id][region].load_balancers
        if self.origin_endpoint_arn not in balancers:
            raise _NotFoundError
        return str(balancers[self.origin_endpoint_arn].vpc_id)

    def update(self, config: dict[str, Any]) -> None:
        self.vpc_origin_endpoint_config = config
        self.name: str = config["Name"]
        self.origin_endpoint_arn: str = config["Arn"]
        self.last_modified_time = utcnow()
        self.etag = random_id()


@graft
class _Backend(CloudFrontBackend):
    def __init__(self, region_name: str, account_id: str) -> None:
        _init(self, region_name, account_id)
        self.vpc_origins: dict[str, _VpcOrigin] = {}


def vpc_origin_arn(backend: CloudFrontBackend, *, vpc_origin_id: str) -> str | None:
    """Return the ARN of a VPC origin's load balancer, or None without such a VPC origin."""
    origin = cast("_Backend", backend).vpc_origins.get(vpc_origin_id)
    return None if origin is None else origin.origin_endpoint_arn


@graft
class _Response(CloudFrontResponse):
    def _vpc_origins(self) -> dict[str, _VpcOrigin]:
        return cast("_Backend", self.backend).vpc_origins

    def _vpc_origin(self) -> _VpcOrigin:
        origin = self._vpc_origins().get(self._get_param("Id"))
        if origin is None:
            raise _NotFoundError
        if self.method != "GET" and self._get_param("IfMatch") != origin.etag:
            raise InvalidIfMatchVersion
        return origin

    @staticmethod
    def _answered(origin: _VpcOrigin) -> ActionResult:
        return ActionResult({"VpcOrigin": origin, "ETag": origin.etag})

    def create_vpc_origin(self) -> ActionResult:
        origin = _VpcOrigin(self.backend, self._get_param("VpcOriginEndpointConfig"))
        if not origin.service_group():
            origin.ec2.create_security_group(SERVICE_GROUP, SERVICE_GROUP, origin.service_vpc)
        self._vpc_origins()[origin.id] = origin
        self.backend.tagger.tag_resource(origin.arn, self._get_param("Tags.Items", []))
        return self._answered(origin)

    def get_vpc_origin(self) -> ActionResult:
        return self._answered(self._vpc_origin())

    def list_vpc_origins(self) -> ActionResult:
        origins = list(self._vpc_origins().values())
        page = {"Marker": "", "MaxItems": 100, "IsTruncated": False}
        return ActionResult({"VpcOriginList": page | {"Quantity": len(origins), "Items": origins}})

    def update_vpc_origin(self) -> ActionResult:
        origin = self._vpc_origin()
        origin.update(self._get_param("VpcOriginEndpointConfig"))
        return self._answered(origin)

    def delete_vpc_origin(self) -> ActionResult:
        origin = self._vpc_origin()
        del self._vpc_origins()[origin.id]
        if origin.service_vpc not in {other.service_vpc for other in self._vpc_origins().values()}:
            origin.remove_service_group()
        self.backend.tagger.delete_all_tags_for_resource(origin.arn)
        return self._answered(origin)


for path in ("{0}/2020-05-31/vpc-origin$", "{0}/2020-05-31/vpc-origin/(?P<vpc_origin_id>[^/]+)$"):
    urls.url_paths[path] = CloudFrontResponse.dispatch
