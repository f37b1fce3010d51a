"""The observability stack: topics of alarms, their runbook entries, and the dashboards."""

import json
import re
from pathlib import Path
from typing import cast

import pytest

from modules.toolchain import ROOT
from tests.logging_links import Links, allowing, names_services
from tests.observability.checker import UsedMetric, used_metrics
from tests.synthesis import API_FUNCTION, Block, Stack, Synthesis, synthesise

HEADINGS = set(re.findall(r"^## (.+)$", (ROOT / "docs" / "runbook.md").read_text(), re.MULTILINE))
METRIC_ALARM = "aws_cloudwatch_metric_alarm"
COMPOSITE = "aws_cloudwatch_composite_alarm"

FUNCTION_CHARTS = {
    ("AWS/Lambda", "Invocations", "Sum"),
    ("AWS/Lambda", "Errors", "Sum"),
    ("AWS/Lambda", "Duration", "p50"),
    ("AWS/Lambda", "Duration", "p90"),
    ("AWS/Lambda", "Duration", "p99"),
    ("AWS/Lambda", "ConcurrentExecutions", "Maximum"),
}
PROVISIONED_CHARTS = {
    ("AWS/Lambda", "ProvisionedConcurrencyUtilization", "Maximum"),
    ("AWS/Lambda", "ProvisionedConcurrencySpilloverInvocations", "Sum"),
}
DATABASE_CHARTS = {
    ("AWS/RDS", "CPUUtilization", "Average"),
    ("AWS/RDS", "DatabaseConnections", "Maximum"),
}
SERVERLESS_CHARTS = {
    ("AWS/RDS", "ACUUtilization", "Maximum"),
    ("AWS/RDS", "ServerlessDatabaseCapacity", "Average"),
}
READER_CHARTS = {("AWS/RDS", "AuroraReplicaLag", "Maximum")}
ENTRANCE_CHARTS = {
    ("AWS/ApplicationELB", "RequestCount", "Sum"),
    ("AWS/ApplicationELB", "TargetResponseTime", "p99"),
    ("AWS/CloudFront", "Requests", "Sum"),
    ("AWS/CloudFront", "5xxErrorRate", "Average"),
    ("AWS/NATGateway", "ActiveConnectionCount", "Maximum"),
    ("AWS/NATGateway", "ErrorPortAllocation", "Sum"),
}
BLOCKED = ("AWS/WAFV2", "BlockedRequests", "Sum")


def _alarms(synthesis: Synthesis) -> dict[str, Block]:
    """Return all metric and composite alarms, by their anchor in the runbook."""
    observability, prefix = synthesis.stacks["observability"], f"{synthesis.settings.prefix}-"
    blocks = [
        *observability.resources(METRIC_ALARM).values(),
        *observability.resources(COMPOSITE).values(),
    ]
    alarms = {block["alarm_name"].removeprefix(prefix): block for block in blocks}
    assert len(alarms) == len(blocks), "two alarms of one name"
    return alarms


def test_every_alarm_links_its_entry_in_the_runbook(synthesis: Synthesis) -> None:
    alarms = _alarms(synthesis)
    assert alarms.keys() <= HEADINGS
    for anchor, alarm in alarms.items():
        runbook = synthesis.settings.alarms.runbook_url
        assert f"{runbook}#{anchor} " in f"{alarm['alarm_description']} "
    assert (ROOT / "docs" / "runbook.md").is_file()


def test_every_entry_of_the_runbook_has_an_alarm(tmp_path: Path) -> None:
    """Environment `prod` has all alarms except those that a setting must switch on."""
    limits = {"PLATFORM__ALARMS__THRESHOLDS__WAF_BLOCKED_REQUESTS": "100"}
    assert _alarms(synthesise("prod", folder=tmp_path, variables=limits)).keys() == HEADINGS


def test_the_composite_alarm_covers_exactly_the_alarms_of_the_home_region(
    synthesis: Synthesis,
) -> None:
    observability, links = synthesis.stacks["observability"], Links(synthesis)
    alarms = observability.resources(METRIC_ALARM)
    rule = observability.only(COMPOSITE)["alarm_rule"]
    home = {
        f'ALARM("${{{METRIC_ALARM}.{name}.alarm_name}}")'
        for name, alarm in alarms.items()
        if links.region(alarm) == synthesis.settings.region
    }
    assert 0 < len(home) < len(alarms)
    assert sorted(rule.split(" OR ")) == sorted(home)


def test_every_alarm_notifies_a_topic_in_its_own_region(synthesis: Synthesis) -> None:
    links, regions = Links(synthesis), set[str]()
    for name, alarm in _alarms(synthesis).items():
        assert alarm["alarm_actions"] == alarm["ok_actions"]
        (action,) = alarm["alarm_actions"]
        topic = links.follow(action, "aws_sns_topic", part="observability")
        assert links.region(topic) == links.region(alarm), name
        regions.add(links.region(alarm))
    assert regions == {synthesis.settings.region, "us-east-1"}


def test_cloudwatch_may_encrypt_what_it_sends_to_the_topics(synthesis: Synthesis) -> None:
    links = Links(synthesis)
    topics = synthesis.stacks["observability"].resources("aws_sns_topic")
    assert len(topics) == 2
    needed = {"kms:Decrypt", "kms:GenerateDataKey*"}
    for name, topic in topics.items():
        key = links.follow(topic["kms_master_key_id"], "aws_kms_key", part="observability")
        assert links.region(key) == links.region(topic)
        entries = list(allowing(key["policy"], actions=needed))
        assert any(names_services(entry, {"cloudwatch"}) for entry in entries), name


@pytest.fixture
def charted(synthesis: Synthesis) -> set[UsedMetric]:
    """Return the metrics of an environment's dashboards."""
    document = synthesis.stacks["observability"].document
    dashboards = {
        **document,
        "resource": {"aws_cloudwatch_dashboard": document["resource"]["aws_cloudwatch_dashboard"]},
    }
    used = list(used_metrics(dashboards))
    metrics = {metric for metric in used if isinstance(metric, UsedMetric)}
    assert metrics
    assert not [problem for problem in used if isinstance(problem, str)]
    return metrics


def test_dashboards_chart_exactly_the_resources_that_exist(
    synthesis: Synthesis, charted: set[UsedMetric]
) -> None:
    settings = synthesis.settings
    found = {(metric.namespace, metric.name, metric.statistic) for metric in charted}
    always = FUNCTION_CHARTS | DATABASE_CHARTS | ENTRANCE_CHARTS | {BLOCKED}
    assert found >= always
    for charts, wanted in (
        (PROVISIONED_CHARTS, settings.function.provisioned_concurrency is not None),
        (SERVERLESS_CHARTS, settings.database.is_serverless),
        (READER_CHARTS, settings.database.readers > 0),
    ):
        assert found & charts == (charts if wanted else set())


def test_both_firewalls_and_every_nat_gateway_are_charted(
    synthesis: Synthesis, charted: set[UsedMetric]
) -> None:
    blocked = {
        metric.region
        for metric in charted
        if (metric.namespace, metric.name, metric.statistic) == BLOCKED
    }
    assert blocked == {synthesis.settings.region, "us-east-1"}
    gateways = {
        dict(metric.dimensions)["NatGatewayId"]
        for metric in charted
        if metric.namespace == "AWS/NATGateway"
    }
    assert len(gateways) == len(synthesis.stacks["foundation"].resources("aws_nat_gateway"))


def test_a_dashboard_lists_the_newest_errors_of_the_function(synthesis: Synthesis) -> None:
    links = Links(synthesis)
    group = re.compile(r"SOURCE '([^']+)'")
    function = synthesis.stacks["service"].only("aws_lambda_function", within=API_FUNCTION)[
        "logging_config"
    ]
    own = links.follow(function["log_group"], "aws_cloudwatch_log_group", part="service")
    queries = [
        widget["properties"]["query"]
        for widget in _widgets(synthesis.stacks["observability"])
        if widget["type"] == "log"
    ]
    assert any(
        '"ERROR"' in query
        and links.follow(name, "aws_cloudwatch_log_group", part="observability") is own
        for query in queries
        for name in group.findall(query)
    )


def _widgets(observability: Stack) -> list[Block]:
    return [
        widget
        for dashboard in observability.resources("aws_cloudwatch_dashboard").values()
        for widget in cast("list[Block]", json.loads(dashboard["dashboard_body"])["widgets"])
    ]
