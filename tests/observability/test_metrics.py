"""Every metric of every dashboard and alarm shows what it says (docs/failures.md)."""

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from itertools import product
from pathlib import Path

import pytest

from commands.dashboard.references import Block
from modules.observability.metric import Expression, Metric
from modules.observability.published_metrics import CATALOGUE, CatalogueError
from modules.service import shop_metrics
from modules.toolchain import ROOT
from tests.observability.checker import UsedMetric, find_problems, used_metrics
from tests.observability.platform import Shape, synthesise_platform

SHAPES = [
    Shape(
        provisioned=on, serverless=on, can_pause=not on, proxy=on, readers=readers,
        additional_metrics=on, home=home,
    )
    for on, readers, home in product((True, False), (0, 2), ("eu-west-1", "us-east-1"))
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_metric_is_one_that_aws_publishes_for_a_resource_of_the_platform(
    tmp_path: Path, shape: Shape
) -> None:
    stacks = synthesise_platform(tmp_path, shape=shape)
    assert find_problems(stacks) == []


def test_everything_that_should_be_watched_is(stacks: Mapping[str, Block]) -> None:
    used = [each for each in used_metrics(stacks["watching"]) if isinstance(each, UsedMetric)]
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
    ("missing", "shape"),
    [
        ("Provisioned", Shape(provisioned=False)),
        ("ACU|ServerlessDatabaseCapacity", Shape(serverless=False)),
        ("AuroraReplicaLag", Shape(readers=0)),
        ("ClientConnections|Borrow|Pinned", Shape(proxy=False)),
        ("CacheHitRate|OriginLatency", Shape(additional_metrics=False)),
    ],
)
def test_what_an_environment_lacks_is_not_shown(
    tmp_path: Path, stacks: Mapping[str, Block], missing: str, shape: Shape
) -> None:
    text = json.dumps(synthesise_platform(tmp_path, shape=shape)["watching"])
    assert re.search(missing, json.dumps(stacks["watching"]))
    assert not re.search(missing, text)


# --- broken on purpose: what the check above is there to catch ---


def _dashboards(stacks: Mapping[str, Block]) -> dict[str, Block]:
    named: dict[str, Block] = stacks["watching"]["resource"]["aws_cloudwatch_dashboard"]
    return {block["dashboard_name"]: block for block in named.values()}


def _break_row(
    stacks: Mapping[str, Block], metric: str, change: Callable[[list[object]], list[object]]
) -> None:
    """Change the dashboards' first row of a metric."""
    for block in _dashboards(stacks).values():
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
    return [*row[:3], "shop-test", row[-1]]


def _arn(row: list[object]) -> list[object]:
    return [*row[:3], "${aws_lb.balancer.arn}", row[-1]]


def _wrong_constant(row: list[object]) -> list[object]:
    return [*row[:-2], "eu-west-1", row[-1]]


def _of_another_kind(row: list[object]) -> list[object]:
    return [*row[:3], "${aws_s3_bucket.archive.bucket}", row[-1]]


def _of_nothing(row: list[object]) -> list[object]:
    return [*row[:3], "${aws_nat_gateway.gone.id}", row[-1]]


@pytest.mark.parametrize(
    ("metric", "change", "complaint"),
    [
        ("ConcurrentExecutions", _without_dimensions, "dimensions none; AWS publishes it under"),
        ("ConcurrentExecutions", _dimensions_as_object, "positional pairs, never an object"),
        ("ConcurrentExecutions", _literal_name, "'shop-test', which is no reference"),
        ("Requests", _renamed, "no such metric 'Requestz'"),
        ("Requests", _in_home_region, "AWS publishes it in us-east-1 only"),
        ("Requests", _wrong_constant, "Region is 'eu-west-1'; it should be Global"),
        ("ConsumedLCUs", _arn, "{aws_lb.arn}; it should be {aws_lb.arn_suffix}"),
        ("PacketsDropCount", _of_another_kind, "{aws_s3_bucket.bucket}; it should be"),
        ("PacketsDropCount", _of_nothing, "points at nothing in this platform"),
    ],
)
def test_a_broken_dashboard_is_caught(
    stacks: Mapping[str, Block],
    metric: str,
    change: Callable[[list[object]], list[object]],
    complaint: str,
) -> None:
    broken = deepcopy(dict(stacks))
    # References within one stack are shorter to break than those across stacks.
    broken["watching"]["resource"] |= broken["watched"]["resource"]
    _break_row(broken, metric, change)
    (problem,) = find_problems(broken)
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
    stacks: Mapping[str, Block], alarm: str, changes: Block, complaint: str
) -> None:
    broken = deepcopy(dict(stacks))
    alarms = broken["watching"]["resource"]["aws_cloudwatch_metric_alarm"]
    (block,) = [each for each in alarms.values() if each["alarm_name"].endswith(f"-{alarm}")]
    block |= changes
    problems = find_problems(broken)
    assert problems
    assert complaint in problems[0]


def test_a_web_acl_whose_metric_has_another_name_is_caught(stacks: Mapping[str, Block]) -> None:
    broken = deepcopy(dict(stacks))
    acls = broken["watched"]["resource"]["aws_wafv2_web_acl"]
    acls["edge-acl"]["visibility_config"]["metric_name"] = "other"
    assert any("but its metric name is 'other'" in problem for problem in find_problems(broken))


def test_metrics_without_their_subscription_are_caught(stacks: Mapping[str, Block]) -> None:
    broken = deepcopy(dict(stacks))
    del broken["watched"]["resource"]["aws_cloudfront_monitoring_subscription"]
    assert any("only with a aws_cloudfront_monitoring" in line for line in find_problems(broken))


def test_a_log_query_over_a_group_of_that_name_is_caught(stacks: Mapping[str, Block]) -> None:
    broken = deepcopy(dict(stacks))
    health = _dashboards(broken)["shop-test-health"]
    body = json.loads(health["dashboard_body"])
    (query, *_) = [each for each in body["widgets"] if each["type"] == "log"]
    query["properties"]["query"] = "SOURCE '/aws/lambda/shop' | fields @message"
    health["dashboard_body"] = json.dumps(body)
    (problem,) = find_problems(broken)
    assert "log group is '/aws/lambda/shop', which is no reference" in problem


def test_the_model_itself_refuses_what_aws_does_not_publish() -> None:
    with pytest.raises(CatalogueError, match="dimensions none"):
        Metric(
            namespace="AWS/Lambda", name="Errors", dimensions=(), statistic="Sum",
            region="eu-west-1", label="Errors",
        )  # fmt: skip
    errors = Metric(
        namespace="AWS/Lambda", name="Errors", dimensions=(("FunctionName", "f"),),
        statistic="Sum", region="eu-west-1", label="Errors",
    )  # fmt: skip
    with pytest.raises(CatalogueError, match="should use exactly errors"):
        Expression(formula="100 * fails", inputs={"errors": errors}, label="x", unit="percent")


def test_every_metric_of_the_shop_is_charted_and_no_other() -> None:
    source = (ROOT / "container" / "src" / "metrics.ts").read_text()
    published = set(re.findall(r'^  \| "(\w+)"', source, re.MULTILINE))
    charted = (ROOT / "modules" / "observability" / "sections" / "up.py").read_text()
    assert published == set(re.findall(r'function\.shop\("(\w+)"', charted))
    assert published == set(CATALOGUE[shop_metrics.NAMESPACE].metrics)
