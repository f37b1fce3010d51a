"""The database and its proxy."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from modules.observability.metrics.metric import Dimensions, Metric
from modules.observability.metrics.metric_definitions import Statistic
from modules.observability.resources.monitored_resource import MonitoredResource


@dataclass(frozen=True, kw_only=True)
class MonitoredDatabaseInstance(MonitoredResource):
    """One instance of the cluster."""

    namespace: ClassVar[str] = "AWS/RDS"
    identifier: str

    @property
    def dimensions(self) -> Dimensions:
        """The instance's identifier."""
        return (("DBInstanceIdentifier", self.identifier),)


@dataclass(frozen=True, kw_only=True)
class MonitoredDatabaseRole(MonitoredResource):
    """All instances of the cluster that have one role."""

    namespace: ClassVar[str] = "AWS/RDS"
    cluster_identifier: str
    role: Literal["READER", "WRITER"]

    @property
    def dimensions(self) -> Dimensions:
        """The cluster's identifier and the role."""
        return (("DBClusterIdentifier", self.cluster_identifier), ("Role", self.role))


@dataclass(frozen=True, kw_only=True)
class MonitoredProxy(MonitoredResource):
    """The RDS proxy."""

    namespace: ClassVar[str] = "AWS/RDS"
    name: str

    @property
    def dimensions(self) -> Dimensions:
        """The proxy's name."""
        return (("ProxyName", self.name),)


@dataclass(frozen=True, kw_only=True)
class MonitoredDatabase(MonitoredResource):
    """The Aurora cluster, all its instances together."""

    namespace: ClassVar[str] = "AWS/RDS"
    cluster_identifier: str
    instance_identifiers: tuple[str, ...]
    log_group: str
    max_connections: int
    """Connections that one instance accepts at most (Aurora's `max_connections`)."""

    serverless: bool
    can_pause: bool
    """Whether the cluster may stop at 0 ACU. AWS publishes no metrics of a paused cluster."""

    proxy: MonitoredProxy | None
    """The proxy, None if clients connect to the instances."""

    @property
    def dimensions(self) -> Dimensions:
        """The cluster's identifier."""
        return (("DBClusterIdentifier", self.cluster_identifier),)

    @property
    def has_readers(self) -> bool:
        """Whether the cluster has instances besides the writer."""
        return len(self.instance_identifiers) > 1

    @property
    def writer(self) -> MonitoredDatabaseRole:
        """The instance that takes writes."""
        return self._role("WRITER")

    @property
    def readers(self) -> MonitoredDatabaseRole:
        """The instances that replicate from the writer."""
        return self._role("READER")

    def _role(self, role: Literal["READER", "WRITER"]) -> MonitoredDatabaseRole:
        return MonitoredDatabaseRole(
            cluster_identifier=self.cluster_identifier, role=role, region=self.region
        )

    def by_instance(self, name: str, *, statistic: Statistic) -> tuple[Metric, ...]:
        """Return the same metric of each instance."""
        return tuple(
            MonitoredDatabaseInstance(identifier=identifier, region=self.region).metric(
                name, statistic=statistic, label=f"Instance {number}"
            )
            for number, identifier in enumerate(self.instance_identifiers, start=1)
        )
