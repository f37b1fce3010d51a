"""The NAT gateways and the logs."""

from collections.abc import Mapping
from dataclasses import dataclass

from modules.observability.metric import Metric
from modules.observability.metric_definitions import Statistic

STORAGE_CLASSES = (
    ("StandardStorage", "Standard"),
    ("StandardIAStorage", "Infrequent access"),
    ("GlacierStorage", "Glacier"),
)

MAX_LOG_GROUPS = 10
"""Metrics that the expression of one alarm may hold (CloudWatch User Guide, Create an alarm based
on a metric math expression)."""


@dataclass(frozen=True, kw_only=True)
class MonitoredNetwork:
    """The NAT gateways, by zone."""

    nat_gateway_ids: Mapping[str, str]
    region: str

    def by_gateway(self, name: str, *, statistic: Statistic) -> dict[str, Metric]:
        """Return a metric of each gateway, by zone."""
        return {
            zone: Metric(
                namespace="AWS/NATGateway",
                name=name,
                dimensions=(("NatGatewayId", gateway),),
                statistic=statistic,
                region=self.region,
                label=f"Zone {zone}",
            )
            for zone, gateway in self.nat_gateway_ids.items()
        }


@dataclass(frozen=True, kw_only=True)
class MonitoredLogs:
    """The log groups of the home region, by what a person calls them, and the log archive.

    Raises:
        ValueError: there are more log groups than one alarm can watch.
    """

    groups: Mapping[str, str]
    archive_bucket: str
    region: str

    def __post_init__(self) -> None:
        """Refuses more groups than the alarm on their growth can add up."""
        if not 0 < len(self.groups) <= MAX_LOG_GROUPS:
            message = f"{len(self.groups)} log groups; an alarm adds up 1 to {MAX_LOG_GROUPS}"
            raise ValueError(message)

    def by_group(self, name: str) -> dict[str, Metric]:
        """Return a metric of each log group, by its label."""
        return {
            label: Metric(
                namespace="AWS/Logs",
                name=name,
                dimensions=(("LogGroupName", group),),
                statistic="Sum",
                region=self.region,
                label=label,
            )
            for label, group in self.groups.items()
        }

    def archive_sizes(self) -> tuple[Metric, ...]:
        """Bytes the archive holds, by storage class."""
        return tuple(self._archived(storage, label=label) for storage, label in STORAGE_CLASSES)

    def _archived(self, storage: str, *, label: str) -> Metric:
        """Bytes the archive holds in one storage class; AWS measures once a day."""
        return Metric(
            namespace="AWS/S3",
            name="BucketSizeBytes",
            dimensions=(("BucketName", self.archive_bucket), ("StorageType", storage)),
            statistic="Average",
            region=self.region,
            label=label,
            period_seconds=86_400,
        )
