"""CloudFront and the web ACLs."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from modules.observability.metrics.metric import Dimensions
from modules.observability.resources.monitored_resource import MonitoredResource
from modules.settings.edge import EDGE_REGION


@dataclass(frozen=True, kw_only=True)
class MonitoredDistribution(MonitoredResource):
    """The CloudFront distribution."""

    namespace: ClassVar[str] = "AWS/CloudFront"
    region: str = EDGE_REGION
    id: str
    additional_metrics: bool
    """Whether a monitoring subscription adds cache hit rate and origin latency, for a charge."""

    @property
    def dimensions(self) -> Dimensions:
        """The distribution's id, over all edge locations."""
        return (("DistributionId", self.id), ("Region", "Global"))


@dataclass(frozen=True, kw_only=True)
class MonitoredWebAcl(MonitoredResource):
    """A web ACL, over all its rules."""

    namespace: ClassVar[str] = "AWS/WAFV2"
    metric_name: str
    scope: Literal["CLOUDFRONT", "REGIONAL"]

    @property
    def dimensions(self) -> Dimensions:
        """The web ACL's metric name and, if the web ACL is regional, its region."""
        region = (("Region", self.region),) if self.scope == "REGIONAL" else ()
        return (("WebACL", self.metric_name), ("Rule", "ALL"), *region)
