"""What stands between viewers and the platform: CloudFront and the web ACLs."""

from dataclasses import dataclass

from modules.observability.metric import Metric
from modules.observability.metric_definitions import Statistic
from modules.settings.edge import EDGE_REGION


@dataclass(frozen=True, kw_only=True)
class MonitoredDistribution:
    """The CloudFront distribution; AWS publishes its metrics in us-east-1."""

    id: str
    additional_metrics: bool = False
    """Whether a monitoring subscription adds cache hit rate and origin latency, for a charge."""

    def metric(self, name: str, *, statistic: Statistic, label: str) -> Metric:
        """Return a metric of the distribution."""
        return Metric(
            namespace="AWS/CloudFront",
            name=name,
            dimensions=(("DistributionId", self.id), ("Region", "Global")),
            statistic=statistic,
            region=EDGE_REGION,
            label=label,
        )


@dataclass(frozen=True, kw_only=True)
class MonitoredWebAcl:
    """A web ACL, by its metric name; one of CloudFront has no region dimension."""

    metric_name: str
    region: str | None = None
    """Region of a regional web ACL, None for one of CloudFront."""

    def metric(self, name: str, *, label: str, rule: str = "ALL") -> Metric:
        """How many requests a rule, or all of them, allowed, blocked or counted."""
        regions = (("Region", self.region),) if self.region else ()
        return Metric(
            namespace="AWS/WAFV2",
            name=name,
            dimensions=(("WebACL", self.metric_name), ("Rule", rule), *regions),
            statistic="Sum",
            region=self.region or EDGE_REGION,
            label=label,
        )
