"""The NAT gateways."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from modules.observability.metrics.metric import Dimensions, Metric
from modules.observability.metrics.metric_definitions import Statistic
from modules.observability.resources.monitored_resource import MonitoredResource


@dataclass(frozen=True, kw_only=True)
class MonitoredNatGateway(MonitoredResource):
    """One NAT gateway."""

    namespace: ClassVar[str] = "AWS/NATGateway"
    id: str

    @property
    def dimensions(self) -> Dimensions:
        """The NAT gateway's id."""
        return (("NatGatewayId", self.id),)


@dataclass(frozen=True, kw_only=True)
class MonitoredNetwork:
    """The NAT gateways of the network."""

    nat_gateway_ids: Mapping[str, str]
    """Id of each NAT gateway, by zone."""

    region: str

    def by_gateway(self, name: str, *, statistic: Statistic) -> tuple[Metric, ...]:
        """Return the same metric of each NAT gateway."""
        return tuple(
            MonitoredNatGateway(id=id_, region=self.region).metric(
                name, statistic=statistic, label=f"Zone {zone}"
            )
            for zone, id_ in self.nat_gateway_ids.items()
        )
