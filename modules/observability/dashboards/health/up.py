"""Is it up: alarms, traffic and errors."""

from collections.abc import Sequence

from modules.observability.dashboards.widgets import (
    AlarmStatus,
    Chart,
    Heading,
    LogTable,
    Threshold,
    Widget,
)
from modules.observability.metrics.metric import percent_of
from modules.observability.resources import MonitoredResources
from modules.settings import AlarmThresholds

FUNCTION_ERRORS = (
    "fields @timestamp, level, requestId, coalesce(message.message, errorMessage, message) as event"
    ' | filter level in ["ERROR", "FATAL"] or ispresent(errorType)'
    " | sort @timestamp desc | limit 20"
)
"""Query for errors in Lambda's JSON log format (Lambda Developer Guide, Working with Lambda
function logs)."""

FAILED_REQUESTS = (
    "fields @timestamp, httpMethod, path, status, integrationError, requestId"
    " | filter status >= 500 | sort @timestamp desc | limit 20"
)
"""Query for server errors in the REST API's access log."""


def is_it_up(
    resources: MonitoredResources, *, thresholds: AlarmThresholds, alarm_arns: Sequence[str]
) -> list[Sequence[Widget]]:
    """Return rows of widgets: the state of the alarms, then traffic and failures."""
    api, function = resources.api, resources.function
    return [
        [Heading("## Is it up?\nTraffic and failures, from the edge inwards.")],
        [AlarmStatus(title="Alarms", alarm_arns=alarm_arns)],
        _shop(resources),
        _traffic(resources),
        _failures(resources, thresholds),
        _blocked(resources, thresholds),
        [
            LogTable(
                title="Function: newest errors",
                log_groups=[function.log_group],
                query=FUNCTION_ERRORS,
                region=function.region,
            )
        ],
        [
            LogTable(
                title="REST API: newest answers of 500 and above",
                log_groups=[api.access_log_group],
                query=FAILED_REQUESTS,
                region=api.region,
            )
        ],
    ]


def _shop(resources: MonitoredResources) -> list[Widget]:
    shop = resources.shop
    return [
        Chart(
            title="Shop: orders",
            series=[
                shop.metric("OrdersPlaced", statistic="Sum", label="Placed"),
                shop.metric("OrdersCancelled", statistic="Sum", label="Cancelled"),
                shop.metric(
                    "OrdersShortOfStock", statistic="Sum", label="Refused, as stock was short"
                ),
            ],
            region=shop.region,
        ),
        Chart(
            title="Shop: requests that met no database",
            series=[shop.metric("DatabaseUnavailable", statistic="Sum", label="Answered with 503")],
            region=shop.region,
        ),
    ]


def _traffic(resources: MonitoredResources) -> list[Widget]:
    distribution, api, balancer = resources.distribution, resources.api, resources.load_balancer
    function = resources.function
    return [
        Chart(
            title="CloudFront: requests",
            series=[distribution.metric("Requests", statistic="Sum", label="Requests")],
            region=api.region,
        ),
        Chart(
            title="Origins: requests",
            series=[
                api.metric("Count", statistic="Sum", label="REST API"),
                balancer.metric("RequestCount", statistic="Sum", label="Load balancer"),
            ],
            region=api.region,
        ),
        Chart(
            title="Function: invocations and failures",
            series=[
                function.metric("Invocations", statistic="Sum", label="Invocations"),
                function.metric("Errors", statistic="Sum", label="Errors"),
                function.all_versions.metric("Throttles", statistic="Sum", label="Throttles"),
            ],
            region=function.region,
        ),
    ]


def _failures(resources: MonitoredResources, thresholds: AlarmThresholds) -> list[Widget]:
    distribution, api, balancer = resources.distribution, resources.api, resources.load_balancer
    targets, function = resources.target_group, resources.function
    return [
        Chart(
            title="CloudFront: share of failed requests",
            series=[
                distribution.metric("4xxErrorRate", statistic="Average", label="Client errors"),
                distribution.metric("5xxErrorRate", statistic="Average", label="Server errors"),
            ],
            thresholds=[Threshold(label="Alarm", value=thresholds.cloudfront_5xx_percent)],
            region=api.region,
        ),
        Chart(
            title="REST API: share of failed requests",
            series=[
                percent_of(
                    api.metric(name, statistic="Sum", label=name),
                    api.metric("Count", statistic="Sum", label="Requests"),
                    label=label,
                    suffix=suffix,
                )
                for name, label, suffix in (
                    ("4XXError", "Client errors", "_client"),
                    ("5XXError", "Server errors", "_server"),
                )
            ],
            thresholds=[Threshold(label="Alarm", value=thresholds.api_5xx_percent)],
            region=api.region,
        ),
        Chart(
            title="Function: share of failed invocations",
            series=[
                percent_of(
                    function.metric("Errors", statistic="Sum", label="Errors"),
                    function.metric("Invocations", statistic="Sum", label="Invocations"),
                    label="Failed",
                )
            ],
            thresholds=[Threshold(label="Alarm", value=thresholds.function_error_percent)],
            region=function.region,
        ),
        Chart(
            title="Load balancer: answers",
            series=[
                balancer.metric(f"HTTPCode_{name}_Count", statistic="Sum", label=label)
                for name, label in (
                    ("Target_2XX", "Success"),
                    ("Target_4XX", "Client errors"),
                    ("Target_5XX", "Server errors of the function"),
                    ("ELB_5XX", "Server errors of its own"),
                )
            ],
            region=balancer.region,
        ),
        Chart(
            title="Load balancer: target",
            series=[
                targets.metric("HealthyHostCount", statistic="Minimum", label="Healthy"),
                targets.metric("UnHealthyHostCount", statistic="Maximum", label="Unhealthy"),
            ],
            region=targets.region,
        ),
        Chart(
            title="Load balancer: failed calls of the function",
            series=[
                targets.metric("LambdaUserError", statistic="Sum", label="The function's fault"),
                targets.metric("LambdaInternalError", statistic="Sum", label="AWS's fault"),
            ],
            region=targets.region,
        ),
    ]


def _blocked(resources: MonitoredResources, thresholds: AlarmThresholds) -> list[Widget]:
    limit = thresholds.waf_blocked_requests
    return [
        Chart(
            title=f"WAF of the {label}: requests",
            series=[
                acl.metric("AllowedRequests", statistic="Sum", label="Allowed"),
                acl.metric("BlockedRequests", statistic="Sum", label="Blocked"),
                acl.metric("CountedRequests", statistic="Sum", label="Counted only"),
            ],
            thresholds=[Threshold(label="Alarm on blocked", value=limit)] if limit else [],
            region=resources.api.region,
        )
        for label, acl in (
            ("distribution", resources.edge_web_acl),
            ("REST API", resources.api_web_acl),
        )
    ]
