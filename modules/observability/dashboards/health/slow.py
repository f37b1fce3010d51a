"""Is it slow: the latency of each step of a request, and its causes."""

from collections.abc import Sequence

from modules.observability.dashboards.widgets import Chart, Heading, LogTable, Threshold, Widget
from modules.observability.metrics.metric_definitions import Statistic
from modules.observability.resources import MonitoredDatabase, MonitoredResources
from modules.settings import AlarmThresholds

PERCENTILES: tuple[Statistic, ...] = ("p50", "p90", "p99")

SLOWEST_ROUTES = (
    "stats count(*) as requests, pct(responseLatency, 50) as p50,"
    " pct(responseLatency, 99) as p99 by httpMethod, resourcePath"
    " | sort p99 desc | limit 20"
)
"""Query for the slowest routes in the REST API's access log."""

SLOW_STATEMENTS = (
    "fields @timestamp, @message | filter @message like /duration: /"
    " | sort @timestamp desc | limit 20"
)
"""Query for slow statements: the cluster logs those of a second and more
(log_min_duration_statement)."""


def is_it_slow(
    resources: MonitoredResources, *, thresholds: AlarmThresholds
) -> list[Sequence[Widget]]:
    """Return rows of widgets: latencies, then the slowest routes and statements."""
    api, balancer, function = resources.api, resources.load_balancer, resources.function
    database = resources.database
    steps: list[Widget] = [
        Chart(
            title="REST API: latency",
            series=[api.metric("Latency", statistic=each, label=each) for each in PERCENTILES],
            region=api.region,
        ),
        Chart(
            title="Load balancer: response time of the function",
            series=[
                balancer.metric("TargetResponseTime", statistic=each, label=each)
                for each in PERCENTILES
            ],
            region=balancer.region,
        ),
        Chart(
            title="Function: duration",
            series=[
                function.metric("Duration", statistic=each, label=each) for each in PERCENTILES
            ],
            thresholds=[
                Threshold(label="Alarm on p99", value=thresholds.function_p99_milliseconds)
            ],
            region=function.region,
        ),
        *_edge(resources),
    ]
    return [
        [Heading("## Is it slow?\nHow long each step of a request takes.")],
        steps,
        _database(database, thresholds),
        [
            LogTable(
                title="REST API: slowest routes, in milliseconds",
                log_groups=[api.access_log_group],
                query=SLOWEST_ROUTES,
                region=api.region,
            )
        ],
        [
            LogTable(
                title="Database: newest slow statements",
                log_groups=[database.log_group],
                query=SLOW_STATEMENTS,
                region=database.region,
            )
        ],
    ]


def _edge(resources: MonitoredResources) -> list[Widget]:
    distribution = resources.distribution
    if not distribution.additional_metrics:
        return []
    return [
        Chart(
            title="CloudFront: latency of the origins",
            series=[
                distribution.metric("OriginLatency", statistic=each, label=each)
                for each in PERCENTILES
            ],
            region=resources.api.region,
        ),
        Chart(
            title="CloudFront: share of answers from the cache",
            series=[distribution.metric("CacheHitRate", statistic="Average", label="Hits")],
            region=resources.api.region,
        ),
    ]


def _database(database: MonitoredDatabase, thresholds: AlarmThresholds) -> list[Widget]:
    widgets: list[Widget] = [
        Chart(
            title="Database: latency of the writer",
            series=[
                database.writer.metric(name, statistic="Average", label=label)
                for name, label in (
                    ("CommitLatency", "Commit"),
                    ("ReadLatency", "Read"),
                    ("WriteLatency", "Write"),
                )
            ],
            region=database.region,
        ),
        Chart(
            title="Database: deadlocks",
            series=[database.metric("Deadlocks", statistic="Average", label="A second")],
            region=database.region,
        ),
    ]
    if database.has_readers:
        readers = database.readers
        lag = [
            readers.metric("AuroraReplicaLag", statistic="Average", label="Mean"),
            readers.metric("AuroraReplicaLag", statistic="Maximum", label="Slowest reader"),
        ]
        widgets.append(
            Chart(
                title="Database: lag of the readers",
                series=lag,
                thresholds=[Threshold(label="Alarm", value=thresholds.replica_lag_milliseconds)],
                region=database.region,
            )
        )
    if database.proxy is not None:
        widgets.append(
            Chart(
                title="Database proxy: response and wait for a connection",
                series=[
                    database.proxy.metric(name, statistic="Average", label=label)
                    for name, label in (
                        ("QueryDatabaseResponseLatency", "Response of the database"),
                        ("DatabaseConnectionsBorrowLatency", "Wait for a connection"),
                    )
                ],
                region=database.region,
            )
        )
    return widgets
