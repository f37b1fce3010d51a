"""Every metric of every dashboard and alarm is one that AWS publishes (docs/failures.md)."""

import json
import re
from collections.abc import Callable

import pytest
from _pytest.mark import ParameterSet

from modules.observability.metrics.metric import Expression, Metric
from modules.observability.metrics.published_metrics import NAMESPACES, MetricError
from modules.service import shop_metrics
from modules.toolchain import ROOT
from tests.observability.checker import UsedMetric, find_problems, used_metrics
from tests.observability.platform import (
    BARE,
    HOME_IN_EDGE_REGION,
    INSTANCE_CLASS,
    NAME,
    NO_ADDITIONAL_METRICS,
    NO_PROXY,
    NO_READERS,
    ON_DEMAND,
    synthesise_platform,
)
from tests.synthesis import Block, Stack, Synthesis


def _slow(variant: dict[str, str]) -> ParameterSet:
    """Leave a variant to the whole run of the tests: its synthesis takes most of a second."""
    return pytest.param(variant, marks=pytest.mark.slow)


@pytest.mark.parametrize("equipment", [{}, _slow(BARE)], ids=["everything", "bare"])
@pytest.mark.parametrize("readers", [{}, _slow(NO_READERS)], ids=["readers", "no readers"])
@pytest.mark.parametrize("home", [{}, _slow(HOME_IN_EDGE_REGION)], ids=["eu-west-1", "us-east-1"])
def test_every_metric_is_one_that_aws_publishes_for_a_resource_of_the_platform(
    equipment: dict[str, str], readers: dict[str, str], home: dict[str, str]
) -> None:
    platform = synthesise_platform(**equipment, **readers, **home)
    assert find_problems(platform.documents()) == []


def test_the_most_important_metrics_are_used(observability: Stack) -> None:
    used = [each for each in used_metrics(observability.document) if isinstance(each, UsedMetric)]
    names = {f"{each.namespace} {each.name}" for each in used}
    assert names >= {
        "AWS/ApiGateway 5XXError", "AWS/ApiGateway Count", "AWS/ApiGateway Latency",
        "AWS/ApplicationELB HTTPCode_ELB_5XX_Count", "AWS/ApplicationELB TargetResponseTime",
        "AWS/CloudFront 5xxErrorRate", "AWS/CloudFront CacheHitRate", "AWS/CloudFront Requests",
        "AWS/Lambda ConcurrentExecutions", "AWS/Lambda Duration", "AWS/Lambda Errors",
        "AWS/Lambda ProvisionedConcurrencySpilloverInvocations",
        "AWS/Lambda ProvisionedConcurrencyUtilization", "AWS/Lambda Throttles",
        "AWS/Logs IncomingBytes", "AWS/NATGateway ErrorPortAllocation",
        "AWS/RDS ACUUtilization", "AWS/RDS AuroraReplicaLag", "AWS/RDS CPUUtilization",
        "AWS/RDS ClientConnections", "AWS/RDS DatabaseConnections",
        "AWS/S3 BucketSizeBytes", "AWS/WAFV2 BlockedRequests",
    }  # fmt: skip
    duration = {each.statistic for each in used if each.name == "Duration"}
    assert duration >= {"p50", "p90", "p99"}


@pytest.mark.parametrize(
    ("missing", "variant"),
    [
        ("Provisioned", ON_DEMAND),
        ("ACU|ServerlessDatabaseCapacity", INSTANCE_CLASS),
        ("AuroraReplicaLag", NO_READERS),
        ("ClientConnections|Borrow|Pinned", NO_PROXY),
        ("CacheHitRate|OriginLatency", NO_ADDITIONAL_METRICS),
    ],
)
def test_a_resource_that_does_not_exist_has_no_charts_and_alarms(
    observability: Stack, missing: str, variant: dict[str, str]
) -> None:
    other = synthesise_platform(**variant).stacks["observability"]
    assert re.search(missing, json.dumps(observability.document))
    assert not re.search(missing, json.dumps(other.document))


# --- The tests below break the platform: the checker must find each fault ---


def _dashboards(observability: Stack) -> dict[str, Block]:
    dashboards = observability.resources("aws_cloudwatch_dashboard")
    return {block["dashboard_name"]: block for block in dashboards.values()}


def _break_row(
    observability: Stack, metric: str, change: Callable[[list[object]], list[object]]
) -> None:
    """Change the first row that draws a metric."""
    for block in _dashboards(observability).values():
        body = json.loads(block["dashboard_body"])
        for widget in body["widgets"]:
            for index, row in enumerate(widget["properties"].get("metrics", [])):
                if metric in row:
                    widget["properties"]["metrics"][index] = change(row)
                    block["dashboard_body"] = json.dumps(body)
                    return
    pytest.fail(f"no dashboard shows {metric}")


def _without_dimensions(row: list[object]) -> list[object]:
    return [*row[:2], row[-1]]


def _dimensions_as_object(row: list[object]) -> list[object]:
    options = row[-1]
    assert isinstance(options, dict)
    return [*row[:2], {**options, "dimensions": {row[2]: row[3]}}]


def _renamed(row: list[object]) -> list[object]:
    return [row[0], "Requestz", *row[2:]]


def _in_home_region(row: list[object]) -> list[object]:
    options = row[-1]
    assert isinstance(options, dict)
    return [*row[:-1], {**options, "region": "eu-west-1"}]


def _literal_name(row: list[object]) -> list[object]:
    return [*row[:3], NAME, row[-1]]


def _arn(row: list[object]) -> list[object]:
    return [*row[:3], "${aws_lb.balancer.arn}", row[-1]]


def _wrong_constant(row: list[object]) -> list[object]:
    return [*row[:-2], "eu-west-1", row[-1]]


def _of_another_type(row: list[object]) -> list[object]:
    return [*row[:3], "${aws_s3_bucket.archive.bucket}", row[-1]]


def _of_missing_resource(row: list[object]) -> list[object]:
    return [*row[:3], "${aws_nat_gateway.gone.id}", row[-1]]


@pytest.mark.parametrize(
    ("metric", "change", "complaint"),
    [
        ("ConcurrentExecutions", _without_dimensions, "dimensions none; AWS publishes it under"),
        ("ConcurrentExecutions", _dimensions_as_object, "positional pairs, never an object"),
        ("ConcurrentExecutions", _literal_name, f"'{NAME}', which is no reference"),
        ("Requests", _renamed, "no such metric 'Requestz'"),
        ("Requests", _in_home_region, "AWS publishes it in us-east-1 only"),
        ("Requests", _wrong_constant, "Region is 'eu-west-1'; it should be Global"),
        ("ConsumedLCUs", _arn, "{aws_lb.arn}; it should be {aws_lb.arn_suffix}"),
        ("PacketsDropCount", _of_another_type, "{aws_s3_bucket.bucket}; it should be"),
        ("PacketsDropCount", _of_missing_resource, "points at nothing in this platform"),
    ],
)
def test_a_broken_dashboard_is_caught(
    platform: Synthesis,
    observability: Stack,
    metric: str,
    change: Callable[[list[object]], list[object]],
    complaint: str,
) -> None:
    # Broken rows refer to these resources.
    observability.document["resource"] |= {
        "aws_lb": {"balancer": {}},
        "aws_s3_bucket": {"archive": {}},
    }
    _break_row(observability, metric, change)
    (problem,) = find_problems(platform.documents())
    assert complaint in problem


@pytest.mark.parametrize(
    ("alarm", "changes", "complaint"),
    [
        ("function-throttles", {"dimensions": {}}, "dimensions none"),
        ("function-latency", {"extended_statistic": "Sum", "metric_name": "Latency"}, "no such"),
        ("cloudfront-5xx", {"provider": "aws"}, "AWS publishes it in us-east-1 only"),
        ("replica-lag", {"dimensions": {"Role": "READER"}}, "dimensions Role; AWS publishes"),
        ("database-cpu", {"dimensions": {"DBClusterIdentifier": "shop"}}, "no reference"),
        ("api-waf-blocks", {"provider": "aws.us-east-1"}, "AWS publishes it in eu-west-1"),
    ],
)
def test_a_broken_alarm_is_caught(
    platform: Synthesis, observability: Stack, alarm: str, changes: Block, complaint: str
) -> None:
    alarms = observability.resources("aws_cloudwatch_metric_alarm")
    (block,) = [each for each in alarms.values() if each["alarm_name"].endswith(f"-{alarm}")]
    block |= changes
    problems = find_problems(platform.documents())
    assert problems
    assert complaint in problems[0]


def test_a_web_acl_whose_metric_has_another_name_is_caught(platform: Synthesis) -> None:
    acl = platform.stacks["edge"].only("aws_wafv2_web_acl")
    acl["visibility_config"]["metric_name"] = "other"
    problems = find_problems(platform.documents())
    assert any("but its metric name is 'other'" in problem for problem in problems)


def test_metrics_without_their_subscription_are_caught(platform: Synthesis) -> None:
    del platform.stacks["edge"].document["resource"]["aws_cloudfront_monitoring_subscription"]
    problems = find_problems(platform.documents())
    assert any("only with a aws_cloudfront_monitoring" in problem for problem in problems)


def test_a_log_query_over_a_literal_group_name_is_caught(
    platform: Synthesis, observability: Stack
) -> None:
    health = _dashboards(observability)[f"{NAME}-health"]
    body = json.loads(health["dashboard_body"])
    (query, *_) = [each for each in body["widgets"] if each["type"] == "log"]
    query["properties"]["query"] = "SOURCE '/aws/lambda/shop' | fields @message"
    health["dashboard_body"] = json.dumps(body)
    (problem,) = find_problems(platform.documents())
    assert "log group is '/aws/lambda/shop', which is no reference" in problem


def test_the_model_refuses_metrics_that_aws_does_not_publish() -> None:
    with pytest.raises(MetricError, match="dimensions none"):
        Metric(
            namespace="AWS/Lambda", name="Errors", dimensions=(), statistic="Sum",
            region="eu-west-1", label="Errors",
        )  # fmt: skip
    errors = Metric(
        namespace="AWS/Lambda", name="Errors", dimensions=(("FunctionName", "f"),),
        statistic="Sum", region="eu-west-1", label="Errors",
    )  # fmt: skip
    with pytest.raises(MetricError, match="should use exactly errors"):
        Expression(formula="100 * fails", inputs={"errors": errors}, label="x", unit="percent")


def test_every_metric_of_the_shop_is_charted_and_no_other() -> None:
    source = (ROOT / "container" / "src" / "metrics.ts").read_text()
    published = set(re.findall(r'^  \| "(\w+)"', source, re.MULTILINE))
    charted = (ROOT / "modules" / "observability" / "dashboards" / "health" / "up.py").read_text()
    assert published == set(re.findall(r'shop\.metric\(\s*"(\w+)"', charted))
    assert published == set(NAMESPACES[shop_metrics.NAMESPACE].metrics)
