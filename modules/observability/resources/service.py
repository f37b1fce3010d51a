"""The functions, the REST API, the load balancer, and the shop's own metrics."""

from dataclasses import dataclass
from typing import ClassVar

from modules.observability.metrics.metric import Dimensions
from modules.observability.resources.monitored_resource import MonitoredResource
from modules.service import shop_metrics


@dataclass(frozen=True, kw_only=True)
class MonitoredFunction(MonitoredResource):
    """A Lambda function, all its versions together."""

    namespace: ClassVar[str] = "AWS/Lambda"
    name: str

    @property
    def dimensions(self) -> Dimensions:
        """The function's name."""
        return (("FunctionName", self.name),)


@dataclass(frozen=True, kw_only=True)
class MonitoredFunctionVersion(MonitoredResource):
    """A version of a Lambda function, as far as its own configuration is measured."""

    namespace: ClassVar[str] = "AWS/Lambda"
    name: str
    version: str

    @property
    def dimensions(self) -> Dimensions:
        """The function's name and its version."""
        return (("FunctionName", self.name), ("Resource", f"{self.name}:{self.version}"))


@dataclass(frozen=True, kw_only=True)
class MonitoredApiFunction(MonitoredResource):
    """The API's function, as far as it is invoked through its alias: all traffic is."""

    namespace: ClassVar[str] = "AWS/Lambda"
    name: str
    alias: str
    log_group: str
    memory_mib: int
    reserved_concurrency: int
    """Concurrent executions that all versions share."""

    provisioned_version: MonitoredFunctionVersion | None
    """The newest version, if it has provisioned concurrency."""

    @property
    def dimensions(self) -> Dimensions:
        """The function's name and its alias."""
        return (("FunctionName", self.name), ("Resource", f"{self.name}:{self.alias}"))

    @property
    def all_versions(self) -> MonitoredFunction:
        """The function with all its versions, which share the reserved concurrency."""
        return MonitoredFunction(name=self.name, region=self.region)


@dataclass(frozen=True, kw_only=True)
class MonitoredShop(MonitoredResource):
    """The shop, by the metrics that the API's function publishes itself."""

    namespace: ClassVar[str] = shop_metrics.NAMESPACE
    function_name: str

    @property
    def dimensions(self) -> Dimensions:
        """The name of the function that publishes the metrics."""
        return (("service", self.function_name),)


@dataclass(frozen=True, kw_only=True)
class MonitoredApi(MonitoredResource):
    """The REST API's stage."""

    namespace: ClassVar[str] = "AWS/ApiGateway"
    name: str
    stage: str
    access_log_group: str

    @property
    def dimensions(self) -> Dimensions:
        """The API's name and its stage."""
        return (("ApiName", self.name), ("Stage", self.stage))


@dataclass(frozen=True, kw_only=True)
class MonitoredLoadBalancer(MonitoredResource):
    """The load balancer."""

    namespace: ClassVar[str] = "AWS/ApplicationELB"
    arn_suffix: str

    @property
    def dimensions(self) -> Dimensions:
        """The suffix of the load balancer's ARN."""
        return (("LoadBalancer", self.arn_suffix),)


@dataclass(frozen=True, kw_only=True)
class MonitoredTargetGroup(MonitoredResource):
    """The load balancer's one target group: its target is the API's function."""

    namespace: ClassVar[str] = "AWS/ApplicationELB"
    arn_suffix: str
    load_balancer_arn_suffix: str

    @property
    def dimensions(self) -> Dimensions:
        """The suffixes of the two ARNs."""
        return (("TargetGroup", self.arn_suffix), ("LoadBalancer", self.load_balancer_arn_suffix))
