"""Is it full: how close each part is to its limit."""

from collections.abc import Sequence

from modules.observability.metric import percent_of
from modules.observability.resources import (
    MonitoredDatabase,
    MonitoredFunction,
    MonitoredNetwork,
    MonitoredResources,
)
from modules.observability.widgets import Chart, Heading, Threshold, Widget
from modules.settings import AlarmThresholds


def is_it_full(
    resources: MonitoredResources, *, thresholds: AlarmThresholds
) -> list[Sequence[Widget]]:
    """Rows of widgets: concurrency, database, network; each beside its limit."""
    return [
        [Heading("## Is it full?\nHow close each part is to its limit.")],
        _function(resources.function, thresholds),
        _database(resources.database, thresholds),
        _network(resources.network, resources),
    ]


def _function(function: MonitoredFunction, thresholds: AlarmThresholds) -> list[Widget]:
    running: list[Widget] = [
        Chart(
            title="Function: concurrent executions",
            series=[
                function.whole("ConcurrentExecutions", statistic="Maximum", label="In use"),
                *(
                    [
                        function.metric(
                            "ProvisionedConcurrentExecutions",
                            statistic="Maximum",
                            label="In use of those kept ready",
                        )
                    ]
                    if function.provisioned
                    else []
                ),
            ],
            thresholds=[Threshold(label="Reserved", value=function.reserved_concurrency)],
            region=function.region,
        )
    ]
    if not function.provisioned:
        return running
    return [
        *running,
        Chart(
            title="Function: use of the provisioned concurrency",
            series=[
                function.metric(
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
                    function.metric(
                        "ProvisionedConcurrencySpilloverInvocations",
                        statistic="Sum",
                        label="Spillover",
                    ),
                    function.metric("Invocations", statistic="Sum", label="Invocations"),
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
    if database.proxy_name is not None:
        widgets.append(
            Chart(
                title="Database proxy: connections",
                series=[
                    database.proxy_metric(name, statistic="Sum", label=label)
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


def _network(network: MonitoredNetwork, resources: MonitoredResources) -> list[Widget]:
    balancer = resources.load_balancer
    return [
        Chart(
            title="NAT: open connections",
            series=list(network.by_gateway("ActiveConnectionCount", statistic="Maximum").values()),
            region=network.region,
        ),
        Chart(
            title="NAT: connections without a free port",
            series=list(network.by_gateway("ErrorPortAllocation", statistic="Sum").values()),
            region=network.region,
        ),
        Chart(
            title="NAT: dropped packets",
            series=list(network.by_gateway("PacketsDropCount", statistic="Sum").values()),
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
