"""The definition of every alarm.

Each alarm has its entry in `docs/runbook.md`: its `anchor` is the heading of the entry.
"""

from collections.abc import Sequence

from modules.observability.alarms.alarm import Alarm
from modules.observability.metrics.metric import Expression, Metric, Series, percent_of
from modules.observability.resources import (
    MonitoredApiFunction,
    MonitoredDatabase,
    MonitoredFunction,
    MonitoredResources,
    MonitoredWebAcl,
)
from modules.settings import AlarmThresholds

MINUTE_SECONDS = 60
HOUR_SECONDS = 3_600
DAY_SECONDS = 86_400
MEBIBYTE = 2**20
GIBIBYTE = 2**30


def home_alarms(resources: MonitoredResources, *, thresholds: AlarmThresholds) -> list[Alarm]:
    """Return the alarms of the home region."""
    return [
        *_function_alarms(resources.function, thresholds),
        _administration_alarm(resources.administration),
        *_origin_alarms(resources, thresholds),
        *_database_alarms(resources.database, thresholds),
        *_capacity_alarms(resources, thresholds),
        *_waf_alarms(resources.api_web_acl, anchor="api-waf-blocks", thresholds=thresholds),
    ]


def edge_alarms(resources: MonitoredResources, *, thresholds: AlarmThresholds) -> list[Alarm]:
    """Return the alarms of EDGE_REGION: AWS publishes the metrics of CloudFront there."""
    return [
        _symptom(
            "cloudfront-5xx",
            summary="CloudFront answers too many requests with a server error.",
            series=resources.distribution.metric(
                "5xxErrorRate", statistic="Average", label="Server errors"
            ),
            threshold=thresholds.cloudfront_5xx_percent,
        ),
        *_waf_alarms(resources.edge_web_acl, anchor="edge-waf-blocks", thresholds=thresholds),
    ]


def _symptom(anchor: str, *, summary: str, series: Series, threshold: float) -> Alarm:
    """Return an alarm on a symptom that customers notice: three bad minutes of five."""
    return Alarm(
        anchor=anchor,
        summary=summary,
        series=series,
        threshold=threshold,
        period_seconds=MINUTE_SECONDS,
        periods=5,
        datapoints=3,
        missing="notBreaching",
        missing_because="without requests nothing fails or is slow",
    )


def _function_alarms(function: MonitoredApiFunction, thresholds: AlarmThresholds) -> list[Alarm]:
    invocations = function.metric("Invocations", statistic="Sum", label="Invocations")
    alarms = [
        _symptom(
            "function-errors",
            summary="Too many invocations of the function fail.",
            series=percent_of(
                function.metric("Errors", statistic="Sum", label="Errors"),
                invocations,
                label="Failed",
                minimum=thresholds.minimum_requests,
            ),
            threshold=thresholds.function_error_percent,
        ),
        Alarm(
            anchor="function-throttles",
            summary="The function's reserved concurrency is used up and requests are turned away.",
            series=function.all_versions.metric("Throttles", statistic="Sum", label="Throttles"),
            threshold=thresholds.function_throttles,
            at_least=True,
            periods=1,
            datapoints=1,
            missing="notBreaching",
            missing_because="without requests none is turned away",
        ),
        _symptom(
            "function-latency",
            summary="The slowest hundredth of invocations takes too long.",
            series=function.metric("Duration", statistic="p99", label="p99"),
            threshold=thresholds.function_p99_milliseconds,
        ),
    ]
    if function.provisioned_version is None:
        return alarms
    every = function.all_versions
    spillover = _symptom(
        "function-spillover",
        summary="Too many invocations find no provisioned environment and start cold.",
        series=percent_of(
            every.metric(
                "ProvisionedConcurrencySpilloverInvocations", statistic="Sum", label="Spillover"
            ),
            every.metric("Invocations", statistic="Sum", label="Invocations"),
            label="Spilled over",
            minimum=thresholds.minimum_requests,
        ),
        threshold=thresholds.spillover_percent,
    )
    return [*alarms, spillover]


def _administration_alarm(function: MonitoredFunction) -> Alarm:
    return Alarm(
        anchor="administration-errors",
        summary="A migration of the database or a rotation of its credential failed.",
        series=function.metric("Errors", statistic="Sum", label="Failed"),
        threshold=1,
        at_least=True,
        periods=1,
        datapoints=1,
        missing="notBreaching",
        missing_because="most of the time there is nothing to administer",
    )


def _origin_alarms(resources: MonitoredResources, thresholds: AlarmThresholds) -> list[Alarm]:
    api, balancer = resources.api, resources.load_balancer
    failed = Expression(
        formula=(
            f"IF(requests >= {thresholds.minimum_requests}, "
            "100 * (FILL(own, 0) + FILL(target, 0)) / requests, 0)"
        ),
        inputs={
            "requests": balancer.metric("RequestCount", statistic="Sum", label="Requests"),
            "own": balancer.metric("HTTPCode_ELB_5XX_Count", statistic="Sum", label="Own 5xx"),
            "target": balancer.metric(
                "HTTPCode_Target_5XX_Count", statistic="Sum", label="Target 5xx"
            ),
        },
        label="Server errors",
        unit="percent",
    )
    return [
        _symptom(
            "api-5xx",
            summary="The REST API answers too many requests with a server error.",
            series=percent_of(
                api.metric("5XXError", statistic="Sum", label="5xx"),
                api.metric("Count", statistic="Sum", label="Requests"),
                label="Server errors",
                minimum=thresholds.minimum_requests,
            ),
            threshold=thresholds.api_5xx_percent,
        ),
        _symptom(
            "load-balancer-5xx",
            summary="The load balancer answers too many requests with a server error.",
            series=failed,
            threshold=thresholds.load_balancer_5xx_percent,
        ),
    ]


def _database_alarms(database: MonitoredDatabase, thresholds: AlarmThresholds) -> list[Alarm]:
    # The maximum over a cluster is the value of its busiest instance.
    silence = (
        "a paused cluster publishes nothing" if database.can_pause else "a running instance reports"
    )
    alarms = [
        Alarm(
            anchor="database-cpu",
            summary="The busiest database instance runs short of CPU, or no instance reports.",
            series=database.metric("CPUUtilization", statistic="Maximum", label="Busiest"),
            threshold=thresholds.database_cpu_percent,
            missing="notBreaching" if database.can_pause else "breaching",
            missing_because=silence,
        ),
        Alarm(
            anchor="database-connections",
            summary="A database instance runs short of connections.",
            series=database.metric("DatabaseConnections", statistic="Maximum", label="Most"),
            threshold=database.max_connections * thresholds.database_connections_percent / 100,
            missing="ignore",
            missing_because="the CPU alarm tells when an instance is silent",
        ),
    ]
    if database.serverless:
        alarms.append(
            Alarm(
                anchor="database-capacity",
                summary="The database has scaled to the most ACU it may have.",
                series=database.metric("ACUUtilization", statistic="Maximum", label="Largest"),
                threshold=thresholds.database_capacity_percent,
                at_least=True,
                datapoints=3,
                missing="ignore",
                missing_because="the CPU alarm tells when an instance is silent",
            )
        )
    if database.has_readers:
        alarms.append(
            Alarm(
                anchor="replica-lag",
                summary="A reader is far behind the writer, or no reader reports.",
                series=database.readers.metric(
                    "AuroraReplicaLag", statistic="Maximum", label="Slowest reader"
                ),
                threshold=thresholds.replica_lag_milliseconds,
                missing="notBreaching" if database.can_pause else "breaching",
                missing_because=silence,
            )
        )
    return alarms


def _capacity_alarms(resources: MonitoredResources, thresholds: AlarmThresholds) -> list[Alarm]:
    ports = _with_ids(
        "gateway", resources.network.by_gateway("ErrorPortAllocation", statistic="Sum")
    )
    incoming = _with_ids("group", resources.logs.incoming_bytes())
    sizes = _with_ids("class", resources.logs.archive_sizes())
    return [
        Alarm(
            anchor="nat-port-exhaustion",
            summary="A NAT gateway has no ports left for new connections to one destination.",
            series=Expression(
                formula=f"SUM([{', '.join(ports)}])",
                inputs=ports,
                label="Refused connections",
                unit="count",
            ),
            threshold=thresholds.nat_port_errors,
            at_least=True,
            periods=1,
            datapoints=1,
            missing="notBreaching",
            missing_because="an idle gateway refuses nothing",
        ),
        Alarm(
            anchor="log-growth",
            summary="The log groups take in far more than usual.",
            series=Expression(
                formula=f"SUM([{', '.join(incoming)}]) / {MEBIBYTE}",
                inputs=incoming,
                label="All log groups",
                unit="mebibytes",
            ),
            threshold=thresholds.log_mebibytes_per_hour,
            period_seconds=HOUR_SECONDS,
            periods=2,
            datapoints=2,
            missing="notBreaching",
            missing_because="no logs cost nothing",
        ),
        Alarm(
            anchor="log-archive-size",
            summary="The log archive holds far more than usual.",
            series=Expression(
                formula=f"SUM([{', '.join(sizes)}]) / {GIBIBYTE}",
                inputs=sizes,
                label="All storage classes",
                unit="gibibytes",
            ),
            threshold=thresholds.log_archive_gibibytes,
            period_seconds=DAY_SECONDS,
            periods=1,
            datapoints=1,
            missing="notBreaching",
            missing_because="AWS measures a bucket once a day, and an empty one not at all",
        ),
    ]


def _with_ids(prefix: str, metrics: Sequence[Metric]) -> dict[str, Metric]:
    """Return metrics by the ids that a formula refers to them by."""
    return {f"{prefix}_{number}": metric for number, metric in enumerate(metrics)}


def _waf_alarms(acl: MonitoredWebAcl, *, anchor: str, thresholds: AlarmThresholds) -> list[Alarm]:
    if thresholds.waf_blocked_requests is None:
        return []
    return [
        Alarm(
            anchor=anchor,
            summary="A web ACL blocks far more requests than usual.",
            series=acl.metric("BlockedRequests", statistic="Sum", label="Blocked"),
            threshold=thresholds.waf_blocked_requests,
            missing="notBreaching",
            missing_because="only blocked requests are counted",
        )
    ]
