"""What answers requests: the function and the two doors to it."""

from dataclasses import dataclass

from modules.observability.metric import Metric
from modules.observability.metric_definitions import Statistic
from modules.service import shop_metrics


@dataclass(frozen=True, kw_only=True)
class MonitoredFunction:
    """The API's function; its traffic goes through the alias."""

    name: str
    alias: str
    region: str
    log_group: str
    memory_mib: int
    reserved_concurrency: int
    provisioned: bool
    """Whether execution environments are kept ready on the alias."""

    def metric(self, name: str, *, statistic: Statistic, label: str) -> Metric:
        """Return a metric of what is called through the alias."""
        return Metric(
            namespace="AWS/Lambda",
            name=name,
            dimensions=(("FunctionName", self.name), ("Resource", f"{self.name}:{self.alias}")),
            statistic=statistic,
            region=self.region,
            label=label,
        )

    def whole(self, name: str, *, statistic: Statistic, label: str) -> Metric:
        """Return a metric of all versions: what the reserved concurrency is shared by."""
        return _of_all_versions(self, name, statistic=statistic, label=label)

    def shop(self, name: str, *, label: str) -> Metric:
        """One of the shop's own metrics."""
        return Metric(
            namespace=shop_metrics.NAMESPACE,
            name=name,
            dimensions=(("service", self.name),),
            statistic="Sum",
            region=self.region,
            label=label,
        )


@dataclass(frozen=True, kw_only=True)
class MonitoredAdministration:
    """The function that migrates the database and rotates the API's credential."""

    name: str
    region: str

    def metric(self, name: str, *, statistic: Statistic, label: str) -> Metric:
        """Return a metric of the function."""
        return _of_all_versions(self, name, statistic=statistic, label=label)


def _of_all_versions(
    function: MonitoredFunction | MonitoredAdministration,
    name: str,
    *,
    statistic: Statistic,
    label: str,
) -> Metric:
    return Metric(
        namespace="AWS/Lambda",
        name=name,
        dimensions=(("FunctionName", function.name),),
        statistic=statistic,
        region=function.region,
        label=label,
    )


@dataclass(frozen=True, kw_only=True)
class MonitoredApi:
    """The REST API's stage."""

    name: str
    stage: str
    region: str
    access_log_group: str

    def metric(self, name: str, *, statistic: Statistic, label: str) -> Metric:
        """Return a metric of the stage."""
        return Metric(
            namespace="AWS/ApiGateway",
            name=name,
            dimensions=(("ApiName", self.name), ("Stage", self.stage)),
            statistic=statistic,
            region=self.region,
            label=label,
        )


@dataclass(frozen=True, kw_only=True)
class MonitoredLoadBalancer:
    """The load balancer and its one target group, by the suffixes of their ARNs."""

    arn_suffix: str
    target_group_arn_suffix: str
    region: str

    def metric(self, name: str, *, statistic: Statistic, label: str) -> Metric:
        """Return a metric of the load balancer."""
        return Metric(
            namespace="AWS/ApplicationELB",
            name=name,
            dimensions=(("LoadBalancer", self.arn_suffix),),
            statistic=statistic,
            region=self.region,
            label=label,
        )

    def target_metric(self, name: str, *, statistic: Statistic, label: str) -> Metric:
        """Return a metric of its target group."""
        return Metric(
            namespace="AWS/ApplicationELB",
            name=name,
            dimensions=(
                ("TargetGroup", self.target_group_arn_suffix),
                ("LoadBalancer", self.arn_suffix),
            ),
            statistic=statistic,
            region=self.region,
            label=label,
        )
