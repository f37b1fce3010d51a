"""Alarms: descriptions, thresholds, topics, and the runbook."""

import json
import re

import pytest

from modules.observability.resources import MonitoredLogs
from modules.settings import AlarmThresholds
from modules.toolchain import ROOT
from tests.observability.platform import (
    INSTANCE_CLASS,
    NAME,
    NO_READERS,
    ON_DEMAND,
    PAUSING,
    synthesise_platform,
)
from tests.synthesis import Block, Stack, statement

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def _alarms(observability: Stack) -> dict[str, Block]:
    """Return all alarms, metric and composite, by their names without the prefix."""
    return {
        block["alarm_name"].removeprefix(f"{NAME}-"): block
        for type_ in ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
        for block in observability.resources(type_).values()
    }


def _variant(**variables: str) -> Stack:
    return synthesise_platform(**variables).stacks["observability"]


def test_every_entry_of_the_runbook_says_what_a_person_on_call_needs() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text()
    headings, (_, *entries) = HEADING.findall(runbook), HEADING.split(runbook)[::2]
    for heading, entry in zip(headings, entries, strict=True):
        for part in ("**Means:**", "**A customer sees:**", "Look at:", "**Mitigate:**"):
            assert part in entry, heading
        assert len(re.findall(r"^\d\. ", entry, re.MULTILINE)) == 3, heading
    for link in re.findall(r"\(#([^)]+)\)", runbook):
        assert link in headings


def test_the_charts_that_the_runbook_names_are_on_the_dashboards(observability: Stack) -> None:
    dashboards = json.dumps(observability.resources("aws_cloudwatch_dashboard"))
    text = re.sub(r"\s+", " ", (ROOT / "docs" / "runbook.md").read_text())
    charts = [name for name in re.findall(r'"([^"]+)"', text) if ": " in name or "WAF" in name]
    assert len(charts) > 20
    for chart in charts:
        assert chart in dashboards, chart


def test_every_alarm_explains_how_it_treats_missing_data(observability: Stack) -> None:
    for alarm in _alarms(observability).values():
        description = alarm["alarm_description"]
        assert len(description) <= 1_024
        if "alarm_rule" not in alarm:
            assert f"missing data: {alarm['treat_missing_data']}, because" in description


def test_topics_are_encrypted_and_accept_only_the_alarms_of_the_environment(
    observability: Stack,
) -> None:
    for type_ in ("aws_kms_key", "aws_kms_alias", "aws_sns_topic", "aws_sns_topic_policy"):
        found = [block.get("provider") for block in observability.resources(type_).values()]
        assert sorted(found, key=str) == [None, "aws.us-east-1"], type_
    keys = {
        f"${{aws_kms_key.{name}.arn}}": key
        for name, key in observability.resources("aws_kms_key").items()
    }
    policies = {
        block["arn"]: block["policy"]
        for block in observability.resources("aws_sns_topic_policy").values()
    }
    for name, topic in observability.resources("aws_sns_topic").items():
        region = "us-east-1" if topic.get("provider") else "eu-west-1"
        key = keys[topic["kms_master_key_id"]]
        assert key.get("provider") == topic.get("provider")
        encrypt = statement(key["policy"], "EncryptAlarms")
        publish = statement(policies[f"${{aws_sns_topic.{name}.arn}}"], "PublishAlarms")
        # CloudWatch needs both actions: without them no alarm would notify anyone.
        assert encrypt["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
        assert publish["Action"] == ["sns:Publish"]
        for each in (encrypt, publish):
            assert each["Principal"] == {"Service": ["cloudwatch.amazonaws.com"]}
            assert "aws_caller_identity" in each["Condition"]["StringEquals"]["aws:SourceAccount"]
        source = publish["Condition"]["ArnLike"]["aws:SourceArn"]
        assert f":cloudwatch:{region}:" in source
        assert source.endswith(f":alarm:{NAME}-*")


def test_addresses_are_subscribed_in_both_regions_or_nowhere() -> None:
    two = _variant(PLATFORM__ALARMS__EMAILS="[a@b.example, c@d.example]")
    subscriptions = two.resources("aws_sns_topic_subscription").values()
    assert sorted((each["endpoint"], each.get("provider", "aws")) for each in subscriptions) == [
        ("a@b.example", "aws"),
        ("a@b.example", "aws.us-east-1"),
        ("c@d.example", "aws"),
        ("c@d.example", "aws.us-east-1"),
    ]
    none = _variant(PLATFORM__ALARMS__EMAILS="[]")
    assert not none.resources("aws_sns_topic_subscription")


@pytest.mark.parametrize(
    ("variant", "missing"),
    [
        (
            {"PLATFORM__ALARMS__THRESHOLDS__WAF_BLOCKED_REQUESTS": "null"},
            {"api-waf-blocks", "edge-waf-blocks"},
        ),
        (ON_DEMAND, {"function-spillover"}),
        (INSTANCE_CLASS, {"database-capacity"}),
        (NO_READERS, {"replica-lag"}),
    ],
)
def test_an_alarm_exists_only_if_its_resource_does(
    observability: Stack, variant: dict[str, str], missing: set[str]
) -> None:
    assert set(_alarms(observability)) - set(_alarms(_variant(**variant))) == missing


@pytest.mark.parametrize(("variant", "expected"), [(PAUSING, "notBreaching"), ({}, "breaching")])
def test_a_silent_database_is_an_alarm_unless_it_may_pause(
    variant: dict[str, str], expected: str
) -> None:
    alarms = _alarms(_variant(**variant))
    for name in ("database-cpu", "replica-lag"):
        assert alarms[name]["treat_missing_data"] == expected


def test_thresholds_follow_the_settings_and_are_drawn_as_lines() -> None:
    observability = _variant(
        PLATFORM__ALARMS__THRESHOLDS__DATABASE_CPU_PERCENT="61",
        PLATFORM__ALARMS__THRESHOLDS__DATABASE_CONNECTIONS_PERCENT="50",
    )
    alarms = _alarms(observability)
    assert alarms["database-cpu"]["threshold"] == 61
    assert alarms["database-connections"]["threshold"] == 2_500  # of the 5,000 that prod allows
    (chart,) = [each for each in _charts(observability) if each.get("title") == "Database: CPU"]
    assert chart["annotations"]["horizontal"] == [{"label": "Alarm", "value": 61}]


def _charts(observability: Stack) -> list[Block]:
    dashboards = observability.resources("aws_cloudwatch_dashboard").values()
    bodies = [json.loads(block["dashboard_body"]) for block in dashboards]
    return [widget["properties"] for body in bodies for widget in body["widgets"]]


def test_alarms_that_would_never_or_always_go_off_are_refused() -> None:
    with pytest.raises(ValueError, match=r"function_throttles\n.*greater than 0"):
        AlarmThresholds(function_throttles=0)
    groups = {str(number): f"/group/{number}" for number in range(11)}
    with pytest.raises(ValueError, match="11 log groups; an alarm adds up 1 to 10"):
        MonitoredLogs(groups=groups, archive_bucket="archive", region="eu-west-1")
