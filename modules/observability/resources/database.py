"""The database, and the proxy in front of it."""

from dataclasses import dataclass

from modules.observability.metric import Metric
from modules.observability.metric_definitions import Statistic


@dataclass(frozen=True, kw_only=True)
class MonitoredDatabase:
    """The Aurora cluster, its instances and, if there is one, the proxy in front of it."""

    cluster_id: str
    instance_ids: tuple[str, ...]
    region: str
    log_group: str
    max_connections: int
    """Connections an instance takes at most, Aurora's `max_connections`."""

    serverless: bool
    can_pause: bool
    """Whether the cluster may stop at 0 ACU; while it does, AWS publishes no metric of it."""

    proxy_name: str | None = None

    @property
    def has_readers(self) -> bool:
        """Whether anything replicates."""
        return len(self.instance_ids) > 1

    def metric(
        self,
        name: str,
        *,
        statistic: Statistic,
        label: str,
        role: str | None = None,
    ) -> Metric:
        """Return a metric over all instances of the cluster, or over those of one role."""
        roles = (("Role", role),) if role else ()
        return Metric(
            namespace="AWS/RDS",
            name=name,
            dimensions=(("DBClusterIdentifier", self.cluster_id), *roles),
            statistic=statistic,
            region=self.region,
            label=label,
        )

    def by_instance(self, name: str, *, statistic: Statistic) -> tuple[Metric, ...]:
        """Return a metric of each instance."""
        return tuple(
            Metric(
                namespace="AWS/RDS",
                name=name,
                dimensions=(("DBInstanceIdentifier", instance),),
                statistic=statistic,
                region=self.region,
                label=f"Instance {number}",
            )
            for number, instance in enumerate(self.instance_ids, start=1)
        )

    def proxy_metric(self, name: str, *, statistic: Statistic, label: str) -> Metric:
        """Return a metric of the proxy.

        Raises:
            ValueError: there is no proxy.
        """
        if self.proxy_name is None:
            message = "a database without a proxy has no proxy metrics"
            raise ValueError(message)
        return Metric(
            namespace="AWS/RDS",
            name=name,
            dimensions=(("ProxyName", self.proxy_name),),
            statistic=statistic,
            region=self.region,
            label=label,
        )
