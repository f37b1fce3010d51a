"""What does it cost: the quantities that AWS bills."""

from collections.abc import Sequence

from modules.observability.metric import Expression
from modules.observability.resources import MonitoredResources
from modules.observability.widgets import Chart, Heading, Widget

MEBIBYTES_A_GIBIBYTE = 1_024
MILLISECONDS_A_SECOND = 1_000


def what_does_it_cost(resources: MonitoredResources) -> list[Sequence[Widget]]:
    """Rows of widgets: what is billed, and how much of it is used."""
    return [
        [Heading("## What does it cost?\nThe quantities that AWS bills.")],
        [*_computing(resources), *_traffic(resources), *_storage(resources)],
    ]


def _computing(resources: MonitoredResources) -> list[Widget]:
    function, database = resources.function, resources.database
    gibibytes = function.memory_mib / MEBIBYTES_A_GIBIBYTE
    billed = Expression(
        formula=f"duration / {MILLISECONDS_A_SECOND} * {gibibytes:g}",
        inputs={"duration": function.whole("Duration", statistic="Sum", label="Duration")},
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
            series=list(network.by_gateway("BytesOutToDestination", statistic="Sum").values()),
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
            series=list(logs.by_group("IncomingBytes").values()),
            stacked=True,
            region=logs.region,
        ),
        Chart(
            title="Log archive: size, by storage class",
            series=list(logs.archive_sizes()),
            stacked=True,
            region=logs.region,
        ),
        Chart(
            title="Database: storage",
            series=[database.metric("VolumeBytesUsed", statistic="Average", label="Used")],
            region=database.region,
        ),
    ]
