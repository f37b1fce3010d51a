"""Is it full: how close each part of the platform is to its limit."""

from collections.abc import Sequence

from modules.observability.dashboards.widgets import Chart, Heading, Threshold, Widget
from modules.observability.metrics.metric import percent_of
from modules.observability.resources import (
    MonitoredApiFunction,
    MonitoredDatabase,
    MonitoredLoadBalancer,
    MonitoredNetwork,
    MonitoredResources,
)
from modules.settings import AlarmThresholds


def is_it_full(
    resources: MonitoredResources, *, thresholds: AlarmThresholds
) -> list[Sequence[Widget]]:
    """Return rows of widgets: concurrency, database and network."""
    return [
        [Heading("## Is it full?\nHow close each part is to its limit.")],
        _function(resources.function, thresholds),
        _database(resources.database, thresholds),
        _network(resources.network, resources.load_balancer),
    ]


def _function(function: MonitoredApiFunction, thresholds: AlarmThresholds) -> list[Widget]:
    running: list[Widget] = [
        Chart(
            title="Function: concurrent executions",
            series=[
                function.all_versions.metric(
                    "ConcurrentExecutions", statistic="Maximum", label="In use"
                ),
                *(
                    [
                        function.all_versions.metric(
                            "ProvisionedConcurrentExecutions",
                            statistic="Maximum",
                            label="In use of those kept ready",
                        )
                    ]
                    if function.provisioned_version
                    else []
                ),
            ],
            thresholds=[Threshold(label="Reserved", value=function.reserved_concurrency)],
            region=function.region,
        )
    ]
    if function.provisioned_version is None:
        return running
    return [
        *running,
        Chart(
            title="Function: use of the provisioned concurrency",
            series=[
                function.provisioned_version.metric(
                    "ProvisionedConcurrencyUtilization", statistic="Maximum", label="In use"
                )
            ],
            thresholds=[Threshold(label="All in use", value=1)],
            region=function.region,
        ),
        Chart(
            title="Function: spillover of the provisioned concurrency",
            series=[
                percent_of(
                    function.all_versions.metric(
                        "ProvisionedConcurrencySpilloverInvocations",
                        statistic="Sum",
                        label="Spillover",
                    ),
                    function.all_versions.metric(
                        "Invocations", statistic="Sum", label="Invocations"
                    ),
                    label="Spilled over",
                )
            ],
            thresholds=[Threshold(label="Alarm", value=thresholds.spillover_percent)],
            region=function.region,
        ),
    ]


def _database(database: MonitoredDatabase, thresholds: AlarmThresholds) -> list[Widget]:
    widgets: list[Widget] = [
        Chart(
            title="Database: CPU",
            series=database.by_instance("CPUUtilization", statistic="Average"),
            thresholds=[Threshold(label="Alarm", value=thresholds.database_cpu_percent)],
            region=database.region,
        ),
        Chart(
            title="Database: connections",
            series=database.by_instance("DatabaseConnections", statistic="Maximum"),
            thresholds=[Threshold(label="max_connections", value=database.max_connections)],
            region=database.region,
        ),
        Chart(
            title="Database: free memory",
            series=database.by_instance("FreeableMemory", statistic="Minimum"),
            region=database.region,
        ),
    ]
    if database.serverless:
        widgets.append(
            Chart(
                title="Database: share of the most ACU it may have",
                series=database.by_instance("ACUUtilization", statistic="Maximum"),
                thresholds=[Threshold(label="Alarm", value=thresholds.database_capacity_percent)],
                region=database.region,
            )
        )
    if database.proxy is not None:
        widgets.append(
            Chart(
                title="Database proxy: connections",
                series=[
                    database.proxy.metric(name, statistic="Sum", label=label)
                    for name, label in (
                        ("ClientConnections", "From clients"),
                        ("DatabaseConnections", "To the database"),
                        ("DatabaseConnectionsCurrentlySessionPinned", "Pinned to a session"),
                        ("MaxDatabaseConnectionsAllowed", "Allowed to the database"),
                    )
                ],
                region=database.region,
            )
        )
    return widgets


def _network(network: MonitoredNetwork, balancer: MonitoredLoadBalancer) -> list[Widget]:
    return [
        Chart(
            title="NAT: open connections",
            series=network.by_gateway("ActiveConnectionCount", statistic="Maximum"),
            region=network.region,
        ),
        Chart(
            title="NAT: connections without a free port",
            series=network.by_gateway("ErrorPortAllocation", statistic="Sum"),
            region=network.region,
        ),
        Chart(
            title="NAT: dropped packets",
            series=network.by_gateway("PacketsDropCount", statistic="Sum"),
            region=network.region,
        ),
        Chart(
            title="Load balancer: open connections",
            series=[balancer.metric("ActiveConnectionCount", statistic="Sum", label="Open")],
            region=balancer.region,
        ),
        Chart(
            title="Load balancer: refused connections",
            series=[balancer.metric("RejectedConnectionCount", statistic="Sum", label="Refused")],
            region=balancer.region,
        ),
    ]
