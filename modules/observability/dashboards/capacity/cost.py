"""What does it cost: the quantities that AWS bills."""

from collections.abc import Sequence

from modules.observability.dashboards.widgets import Chart, Heading, Widget
from modules.observability.metrics.metric import Expression
from modules.observability.resources import MonitoredResources

MEBIBYTES_PER_GIBIBYTE = 1_024
MILLISECONDS_PER_SECOND = 1_000


def what_does_it_cost(resources: MonitoredResources) -> list[Sequence[Widget]]:
    """Return rows of widgets: computing, traffic and storage."""
    return [
        [Heading("## What does it cost?\nThe quantities that AWS bills.")],
        [*_computing(resources), *_traffic(resources), *_storage(resources)],
    ]


def _computing(resources: MonitoredResources) -> list[Widget]:
    function, database = resources.function, resources.database
    gibibytes = function.memory_mib / MEBIBYTES_PER_GIBIBYTE
    billed = Expression(
        formula=f"duration / {MILLISECONDS_PER_SECOND} * {gibibytes:g}",
        inputs={
            "duration": function.all_versions.metric("Duration", statistic="Sum", label="Duration")
        },
        label="Used",
        unit="GB-seconds",
    )
    capacity: list[Widget] = (
        [
            Chart(
                title="Database: capacity",
                series=database.by_instance("ServerlessDatabaseCapacity", statistic="Average"),
                stacked=True,
                region=database.region,
            )
        ]
        if database.serverless
        else []
    )
    return [
        Chart(title="Function: computing", series=[billed], region=function.region),
        *capacity,
        Chart(
            title="Database: billed reads and writes",
            series=[
                database.metric("VolumeReadIOPs", statistic="Average", label="Reads"),
                database.metric("VolumeWriteIOPs", statistic="Average", label="Writes"),
            ],
            region=database.region,
        ),
    ]


def _traffic(resources: MonitoredResources) -> list[Widget]:
    distribution, balancer = resources.distribution, resources.load_balancer
    network = resources.network
    return [
        Chart(
            title="CloudFront: traffic",
            series=[
                distribution.metric("BytesDownloaded", statistic="Sum", label="To viewers"),
                distribution.metric("BytesUploaded", statistic="Sum", label="From viewers"),
            ],
            region=network.region,
        ),
        Chart(
            title="NAT: traffic to the internet",
            series=network.by_gateway("BytesOutToDestination", statistic="Sum"),
            stacked=True,
            region=network.region,
        ),
        Chart(
            title="Load balancer: capacity units",
            series=[balancer.metric("ConsumedLCUs", statistic="Average", label="Used")],
            region=balancer.region,
        ),
    ]


def _storage(resources: MonitoredResources) -> list[Widget]:
    database, logs = resources.database, resources.logs
    return [
        Chart(
            title="Logs: taken in, by log group",
            series=logs.incoming_bytes(),
            stacked=True,
            region=logs.region,
        ),
        Chart(
            title="Log archive: size, by storage class",
            series=logs.archive_sizes(),
            stacked=True,
            region=logs.region,
        ),
        Chart(
            title="Database: storage",
            series=[database.metric("VolumeBytesUsed", statistic="Average", label="Used")],
            region=database.region,
        ),
    ]
