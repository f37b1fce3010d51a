"""CloudFront VPC origins; gaps of moto 5.2.5.

- Create, Get, List, Update and Delete are missing.

As on AWS, the first VPC origin in a VPC creates the security group that CloudFront's connections
come from, and deleting the last one deletes the group. A new or changed VPC origin is deployed a
moment later. CloudFront refuses to change or delete one that a distribution uses.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from moto.cloudfront import urls
from moto.cloudfront.exceptions import CloudFrontException, InvalidIfMatchVersion
from moto.cloudfront.models import CloudFrontBackend, Distribution, random_id
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.security_groups import SecurityGroup
from moto.elbv2.models import elbv2_backends

from local_aws.extensions.cloudfront.usage import origins_in_use
from local_aws.graft import graft

SERVICE_GROUP = "CloudFront-VPCOrigins-Service-SG"

_DEPLOYMENT_TIME = timedelta(seconds=1)
"""How long a VPC origin is being deployed; AWS takes up to 15 minutes."""

_init = CloudFrontBackend.__init__
_create_distribution = CloudFrontBackend.create_distribution_with_tags
_update_distribution = CloudFrontBackend.update_distribution


class _NotFoundError(CloudFrontException):
    def __init__(self) -> None:
        super().__init__("EntityNotFound", "The specified VPC origin does not exist.")


class _AlreadyExistsError(CloudFrontException):
    def __init__(self, name: str) -> None:
        super().__init__("EntityAlreadyExists", f"A VPC origin with the name {name} exists.")


class _InUseError(CloudFrontException):
    def __init__(self, verb: str) -> None:
        super().__init__(
            f"Cannot{verb}EntityWhileInUse",
            "The specified VPC origin is currently associated with one or more distributions."
            " Please disassociate the VPC origin from all distributions before updating or"
            " deleting",
        )


class _NotDeployedError(CloudFrontException):
    def __init__(self, vpc_origin_id: str) -> None:
        super().__init__("InvalidArgument", f"The VPC origin {vpc_origin_id} is not deployed.")


class _VpcOrigin:
    """A VPC origin; moto's serializer reads its attributes into the response."""

    def __init__(self, backend: CloudFrontBackend, config: dict[str, Any]) -> None:
        self.id = f"vo_{random_id(length=22)}"
        self.account_id = backend.account_id
        self.arn = f"arn:{backend.partition}:cloudfront::{backend.account_id}:vpcorigin/{self.id}"
        self.created_time = utcnow()
        self.update(config)
        self.service_vpc = self.vpc_id

    @property
    def status(self) -> str:
        """Whether CloudFront can use the VPC origin yet."""
        deployed = utcnow() >= self.last_modified_time + _DEPLOYMENT_TIME
        return "Deployed" if deployed else "Deploying"

    @property
    def port(self) -> int:
        """The port of the load balancer that CloudFront connects to."""
        config = self.vpc_origin_endpoint_config
        plain = config["OriginProtocolPolicy"] == "http-only"
        return int(config["HTTPPort" if plain else "HTTPSPort"])

    @property
    def ec2(self) -> EC2Backend:
        """The EC2 backend of the load balancer's region."""
        return ec2_backends[self.account_id][self.origin_endpoint_arn.split(":")[3]]

    def service_group(self) -> SecurityGroup | None:
        """Return CloudFront's security group in the VPC, if it exists."""
        return self.ec2.get_security_group_from_name(SERVICE_GROUP, self.service_vpc)

    def remove_service_group(self) -> None:
        """Delete CloudFront's security group in the VPC, if it exists and nothing refers to it."""
        group = self.service_group()
        if group is None:
            return
        with suppress(DependencyViolationError):
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

    def create_distribution_with_tags(
        self, distribution_config: dict[str, Any], tags: list[dict[str, str]]
    ) -> tuple[Distribution, str, str]:
        self._check_origins(distribution_config)
        return _create_distribution(self, distribution_config, tags)

    def update_distribution(
        self,
        dist_config: dict[str, Any],
        _id: str,
        if_match: bool,  # noqa: FBT001  # as in moto
    ) -> tuple[Distribution, str, str]:
        self._check_origins(dist_config)
        return _update_distribution(self, dist_config, _id, if_match)

    def _check_origins(self, config: dict[str, Any]) -> None:
        for item in config["Origins"]["Items"]:
            if vpc_origin := item.get("VpcOriginConfig"):
                found = self.vpc_origins.get(vpc_origin["VpcOriginId"])
                if found is None:
                    raise _NotFoundError
                if found.status != "Deployed":
                    raise _NotDeployedError(found.id)


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A listener that CloudFront connects to through a VPC origin."""

    balancer_arn: str
    port: int


def endpoint_of(backend: CloudFrontBackend, *, vpc_origin_id: str) -> Endpoint | None:
    """Return where a VPC origin leads to, or None without such a VPC origin."""
    origin = cast("_Backend", backend).vpc_origins.get(vpc_origin_id)
    if origin is None:
        return None
    return Endpoint(balancer_arn=origin.origin_endpoint_arn, port=origin.port)


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

    def _unused_vpc_origin(self, *, verb: str) -> _VpcOrigin:
        origin = self._vpc_origin()
        if origin.id in origins_in_use(self.backend):
            raise _InUseError(verb)
        return origin

    def _check_name(self, name: str, *, owner: str | None = None) -> None:
        """Refuse the name of another VPC origin than its owner."""
        for other in self._vpc_origins().values():
            if other.name == name and other.id != owner:
                raise _AlreadyExistsError(name)

    @staticmethod
    def _answered(origin: _VpcOrigin) -> ActionResult:
        return ActionResult({"VpcOrigin": origin, "ETag": origin.etag})

    def create_vpc_origin(self) -> ActionResult:
        config = self._get_param("VpcOriginEndpointConfig")
        self._check_name(config["Name"])
        origin = _VpcOrigin(self.backend, config)
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
        origin = self._unused_vpc_origin(verb="Update")
        config = self._get_param("VpcOriginEndpointConfig")
        self._check_name(config["Name"], owner=origin.id)
        origin.update(config)
        return self._answered(origin)

    def delete_vpc_origin(self) -> ActionResult:
        origin = self._unused_vpc_origin(verb="Delete")
        del self._vpc_origins()[origin.id]
        if origin.service_vpc not in {other.service_vpc for other in self._vpc_origins().values()}:
            origin.remove_service_group()
        self.backend.tagger.delete_all_tags_for_resource(origin.arn)
        return self._answered(origin)


for path in ("{0}/2020-05-31/vpc-origin$", "{0}/2020-05-31/vpc-origin/(?P<vpc_origin_id>[^/]+)$"):
    urls.url_paths[path] = CloudFrontResponse.dispatch
