"""Settings of Aurora PostgreSQL."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from modules.settings.product import PRODUCT
from modules.settings.section import LogRetentionDays, Section
from review.limits import rds

SERVERLESS = "db.serverless"
RESERVED_USERNAMES = frozenset({"admin", "postgres", "rdsadmin", "rdsproxyadmin", "user"})
"""Names that Aurora refuses or keeps for itself (RDS API Reference, CreateDBCluster)."""

_LARGE_MEMORY_GIB = {"r6g": 16, "r6i": 16, "r7g": 16, "r7i": 16, "r8g": 16, "t4g": 8}
_SIZES = {"medium": 0.5, "large": 1, "xlarge": 2} | {f"{n}xlarge": 2 * n for n in (2, 4, 8, 12, 16)}
_CLASS = re.compile(r"db\.(?P<family>\w+)\.(?P<size>\w+)")
_ACU_MEMORY_GIB = 2
_BYTES_PER_CONNECTION = 9_531_392
_MAX_CONNECTIONS = 5_000
_SMALL_ACU = 0.5
_SMALL_MAX_CONNECTIONS = 2_000
_RESERVED_CONNECTIONS = 10


def _check_instance_class(value: str) -> str:
    if value != SERVERLESS and _memory_of_class(value) is None:
        families = ", ".join(sorted(_LARGE_MEMORY_GIB))
        message = f"should be {SERVERLESS} or db.FAMILY.SIZE with a family of {families}"
        raise ValueError(message)
    return value


def _memory_of_class(name: str) -> float | None:
    match = _CLASS.fullmatch(name)
    if match is None:
        return None
    family, size = match["family"], match["size"]
    only_small = family == "t4g"
    if family not in _LARGE_MEMORY_GIB or size not in _SIZES:
        return None
    if (size == "medium") > only_small or (only_small and _SIZES[size] > _SIZES["large"]):
        return None
    return _LARGE_MEMORY_GIB[family] * _SIZES[size]


def _check_username(value: str) -> str:
    if value in RESERVED_USERNAMES:
        message = (
            f"should be none of {', '.join(sorted(RESERVED_USERNAMES))}, which Aurora reserves"
        )
        raise ValueError(message)
    return value


def _check_half_steps(value: float) -> float:
    if value * 2 != int(value * 2):
        message = "should be a multiple of 0.5 ACU"
        raise ValueError(message)
    return value


def _check_performance_insights_days(value: int) -> int:
    if value not in {7, 731} and value not in range(31, 24 * 31, 31):
        message = "should be 7, 731 or a multiple of 31 up to 713"
        raise ValueError(message)
    return value


Capacity = Annotated[float, AfterValidator(_check_half_steps)]
Window = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"
Weekly = r"^({d}):([01]\d|2[0-3]):[0-5]\d-({d}):([01]\d|2[0-3]):[0-5]\d$".replace(
    "{d}", "mon|tue|wed|thu|fri|sat|sun"
)


class ServerlessSettings(Section):
    """Aurora Serverless v2 capacity; used when the instance class is `db.serverless`."""

    min_capacity: Annotated[Capacity, Field(ge=rds.ACU[0], le=rds.ACU[1])] = 2
    """Least capacity in ACU (2 GiB of memory each), 0 to 256 in steps of 0.5; 0 lets the cluster
    pause (Aurora User Guide, Aurora Serverless v2 capacity)."""

    max_capacity: Annotated[Capacity, Field(ge=1, le=rds.ACU[1])] = 16
    """Greatest capacity in ACU, 1 to 256 in steps of 0.5."""

    auto_pause_seconds: Annotated[int, Field(ge=300, le=86_400)] = 1_800
    """Idle seconds until a cluster with min_capacity 0 pauses, 300 to 86,400 (Aurora User Guide,
    Scaling to zero ACUs with automatic pause and resume)."""


class ProxySettings(Section):
    """RDS Proxy between the function and Aurora."""

    idle_client_seconds: Annotated[int, Field(ge=1, le=28_800)] = 1_800
    """Seconds until an idle client connection is closed, up to 8 hours (RDS User Guide,
    IdleClientTimeout)."""

    max_connections_percent: Annotated[int, Field(ge=1, le=100)] = 90
    """Percent of Aurora's max_connections that the proxy may open."""

    max_idle_connections_percent: Annotated[int, Field(ge=0, le=100)] = 45
    """Percent of Aurora's max_connections that the proxy keeps open idle; at most
    max_connections_percent."""


class DatabaseSettings(Section):
    """The Aurora PostgreSQL cluster: one writer and its readers."""

    engine_version: Annotated[str, Field(pattern=r"^\d+\.\d+$")] = "16.8"
    """Aurora PostgreSQL version, MAJOR.MINOR; 16.3 or later can pause at 0 ACU."""

    instance_class: Annotated[str, AfterValidator(_check_instance_class)] = SERVERLESS
    """`db.serverless`, or a fixed class such as db.r7g.large (Aurora User Guide, DB instance
    classes)."""

    readers: Annotated[int, Field(ge=0, le=15)] = 2
    """Reader instances beside the writer, at most 15 (Aurora User Guide, Aurora Replicas)."""

    serverless: ServerlessSettings = ServerlessSettings()

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")] = PRODUCT.replace("-", "_")
    """Name of the first database, up to 63 characters (RDS API Reference, CreateDBCluster)."""

    master_username: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$"), AfterValidator(_check_username)
    ] = "platform_master"
    """Name of the master user; Secrets Manager creates and keeps its password. A change replaces
    the cluster."""

    port: Annotated[int, Field(ge=1_150, le=65_535)] = 5_432
    """TCP port, 1150 to 65535 (RDS API Reference, CreateDBCluster)."""

    backup_retention_days: Annotated[int, Field(ge=rds.BACKUP_DAYS[0], le=rds.BACKUP_DAYS[1])] = 14
    """Days of continuous backup, 1 to 35 (RDS API Reference, CreateDBCluster)."""

    backup_window: Annotated[str, Field(pattern=Window)] = "02:00-03:00"
    """Daily UTC window hh:mm-hh:mm of at least 30 minutes."""

    maintenance_window: Annotated[str, Field(pattern=Weekly)] = "sun:03:30-sun:04:30"
    """Weekly UTC window ddd:hh:mm-ddd:hh:mm of at least 30 minutes, outside backup_window."""

    apply_immediately: bool = False
    """Whether changes that interrupt the database happen at once, not in maintenance_window."""

    allow_major_upgrade: bool = False
    """Whether `engine_version` may move to another major version; true for that change only."""

    deletion_protection: bool = True
    """Whether AWS refuses to delete the cluster."""

    final_snapshot: bool = True
    """Whether deleting the cluster leaves a snapshot behind."""

    performance_insights_days: Annotated[int, AfterValidator(_check_performance_insights_days)] = 7
    """Days of Performance Insights: 7 (free), 731, or a multiple of 31 up to 23 months (RDS API
    Reference, CreateDBInstance)."""

    monitoring_seconds: Literal[1, 5, 10, 15, 30, 60] = 60
    """Seconds between enhanced monitoring samples (RDS API Reference, CreateDBInstance)."""

    log_retention_days: LogRetentionDays = 90

    proxy: ProxySettings | None = None
    """RDS Proxy, or null for direct connections. A proxy keeps connections open, so a cluster
    behind it never pauses."""

    @property
    def is_serverless(self) -> bool:
        """Whether the instances scale in ACU rather than having a fixed class."""
        return self.instance_class == SERVERLESS

    @property
    def can_pause(self) -> bool:
        """Whether the cluster may stop at 0 ACU when nobody is connected."""
        return self.is_serverless and self.serverless.min_capacity == 0

    @property
    def connections_at_smallest(self) -> int:
        """Client connections that the cluster's smallest size has memory for.

        It is Aurora's own limit less a few that Aurora and operators need.
        """
        if self.is_serverless:
            smallest = max(self.serverless.min_capacity, 0.5) * _ACU_MEMORY_GIB
        else:
            smallest = self._class_memory_gib
        return _connections(memory_gib=smallest) - _RESERVED_CONNECTIONS

    @property
    def max_connections(self) -> int:
        """Aurora's own limit of connections to an instance.

        With Serverless v2 it follows the greatest capacity, whatever the current one is. With a
        least capacity of 0 or 0.5 it is at most 2,000 (Aurora User Guide, Maximum connections for
        Aurora Serverless v2).
        """
        if not self.is_serverless:
            return _connections(memory_gib=self._class_memory_gib)
        limit = _connections(memory_gib=self.serverless.max_capacity * _ACU_MEMORY_GIB)
        small = self.serverless.min_capacity <= _SMALL_ACU
        return min(limit, _SMALL_MAX_CONNECTIONS) if small else limit

    @property
    def _class_memory_gib(self) -> float:
        return _memory_of_class(self.instance_class) or 0


def _connections(*, memory_gib: float) -> int:
    """Return Aurora's default, LEAST(memory / 9531392, 5000).

    Source: Aurora User Guide, Maximum connections to an Aurora PostgreSQL DB instance.
    """
    return min(int(memory_gib * 2**30 / _BYTES_PER_CONNECTION), _MAX_CONNECTIONS)
