"""The log groups and the log archive."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from modules.observability.metrics.metric import Dimensions, Metric
from modules.observability.resources.monitored_resource import MonitoredResource

STORAGE_CLASSES = (
    ("StandardStorage", "Standard"),
    ("StandardIAStorage", "Infrequent access"),
    ("GlacierStorage", "Glacier"),
)
"""Storage classes of the log archive, each with its label."""

MAX_LOG_GROUPS = 10
"""Metrics that the expression of one alarm may use (CloudWatch User Guide, Create an alarm based on
a metric math expression)."""

DAY_SECONDS = 86_400


@dataclass(frozen=True, kw_only=True)
class MonitoredLogGroup(MonitoredResource):
    """One log group."""

    namespace: ClassVar[str] = "AWS/Logs"
    name: str

    @property
    def dimensions(self) -> Dimensions:
        """The log group's name."""
        return (("LogGroupName", self.name),)


@dataclass(frozen=True, kw_only=True)
class MonitoredStorageClass(MonitoredResource):
    """The objects of a bucket that are in one storage class."""

    namespace: ClassVar[str] = "AWS/S3"
    bucket: str
    storage_type: str

    @property
    def dimensions(self) -> Dimensions:
        """The bucket's name and the storage class."""
        return (("BucketName", self.bucket), ("StorageType", self.storage_type))


@dataclass(frozen=True, kw_only=True)
class MonitoredLogs:
    """The log groups of the home region, and the log archive.

    Raises:
        ValueError: There is no log group, or there are more than one alarm can add up.
    """

    groups: Mapping[str, str]
    """Name of each log group, by its label."""

    archive_bucket: str
    region: str

    def __post_init__(self) -> None:
        """Refuse a number of log groups that the alarm on their growth cannot add up."""
        if not 0 < len(self.groups) <= MAX_LOG_GROUPS:
            message = f"{len(self.groups)} log groups; an alarm adds up 1 to {MAX_LOG_GROUPS}"
            raise ValueError(message)

    def incoming_bytes(self) -> tuple[Metric, ...]:
        """Return the bytes that each log group takes in."""
        return tuple(
            MonitoredLogGroup(name=name, region=self.region).metric(
                "IncomingBytes", statistic="Sum", label=label
            )
            for label, name in self.groups.items()
        )

    def archive_sizes(self) -> tuple[Metric, ...]:
        """Return the bytes that the archive holds in each storage class, measured once a day."""
        return tuple(
            MonitoredStorageClass(
                bucket=self.archive_bucket, storage_type=storage_type, region=self.region
            ).metric(
                "BucketSizeBytes", statistic="Average", label=label, period_seconds=DAY_SECONDS
            )
            for storage_type, label in STORAGE_CLASSES
        )
