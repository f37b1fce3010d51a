"""Alarms: what each says, whom it tells, and where a person reads on."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from commands.dashboard.references import Block
from modules.observability.resources import MonitoredLogs
from modules.settings import AlarmThresholds
from modules.toolchain import ROOT
from tests.observability.platform import NAME, RUNBOOK, Shape, synthesise_platform
from tests.synthesis import statement

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def _alarms(watching: Block) -> dict[str, Block]:
    """All alarms, metric and composite, by what their name ends with."""
    named: dict[str, Block] = {}
    for type_ in ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"):
        for block in watching["resource"][type_].values():
            named[block["alarm_name"].removeprefix(f"{NAME}-")] = block
    return named


def test_every_alarm_has_its_entry_in_the_runbook_and_every_entry_its_alarm(
    watching: Block,
) -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text()
    assert sorted(HEADING.findall(runbook)) == sorted(_alarms(watching))


def test_every_entry_of_the_runbook_says_what_a_person_on_call_needs() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text()
    headings, (_, *entries) = HEADING.findall(runbook), HEADING.split(runbook)[::2]
    for heading, entry in zip(headings, entries, strict=True):
        for part in ("**Means:**", "**A customer sees:**", "Look at:", "**Mitigate:**"):
            assert part in entry, heading
        assert len(re.findall(r"^\d\. ", entry, re.MULTILINE)) == 3, heading
    for link in re.findall(r"\(#([^)]+)\)", runbook):
        assert link in headings


def test_the_charts_that_the_runbook_names_are_on_the_dashboards(watching: Block) -> None:
    dashboards = json.dumps(watching["resource"]["aws_cloudwatch_dashboard"])
    text = re.sub(r"\s+", " ", (ROOT / "docs" / "runbook.md").read_text())
    charts = [name for name in re.findall(r'"([^"]+)"', text) if ": " in name or "WAF" in name]
    assert len(charts) > 20
    for chart in charts:
        assert chart in dashboards, chart


def test_every_alarm_leads_to_the_runbook_and_explains_missing_data(watching: Block) -> None:
    for anchor, alarm in _alarms(watching).items():
        description = alarm["alarm_description"]
        assert f"{RUNBOOK}#{anchor}" in description
        assert len(description) <= 1_024
        if "alarm_rule" not in alarm:
            assert f"missing data: {alarm['treat_missing_data']}, because" in description


def test_every_alarm_tells_the_topic_of_its_own_region(watching: Block) -> None:
    topics = watching["resource"]["aws_sns_topic"]
    providers = {
        f"${{aws_sns_topic.{name}.arn}}": block.get("provider") for name, block in topics.items()
    }
    assert sorted(providers.values(), key=str) == [None, "aws.us-east-1"]
    for alarm in _alarms(watching).values():
        (topic,) = alarm["alarm_actions"]
        assert alarm["ok_actions"] == [topic]
        assert providers[topic] == alarm.get("provider")


def test_the_composite_is_over_all_alarms_of_the_home_region_and_no_other(
    watching: Block,
) -> None:
    (composite,) = watching["resource"]["aws_cloudwatch_composite_alarm"].values()
    watched = set(re.findall(r"aws_cloudwatch_metric_alarm\.([^.]+)\.", composite["alarm_rule"]))
    metric_alarms = watching["resource"]["aws_cloudwatch_metric_alarm"]
    assert watched == {name for name, alarm in metric_alarms.items() if "provider" not in alarm}
    assert {name for name in metric_alarms if name not in watched}


def test_topics_are_encrypted_and_take_messages_of_own_alarms_alone(watching: Block) -> None:
    resources = watching["resource"]
    for type_ in ("aws_kms_key", "aws_kms_alias", "aws_sns_topic", "aws_sns_topic_policy"):
        found = [block.get("provider") for block in resources[type_].values()]
        assert sorted(found, key=str) == [None, "aws.us-east-1"], type_
    keys = {f"${{aws_kms_key.{name}.arn}}": key for name, key in resources["aws_kms_key"].items()}
    policies = {
        block["arn"]: block["policy"] for block in resources["aws_sns_topic_policy"].values()
    }
    for name, topic in resources["aws_sns_topic"].items():
        region = "us-east-1" if topic.get("provider") else "eu-west-1"
        key = keys[topic["kms_master_key_id"]]
        assert key.get("provider") == topic.get("provider")
        encrypt = statement(key["policy"], "EncryptAlarms")
        publish = statement(policies[f"${{aws_sns_topic.{name}.arn}}"], "PublishAlarms")
        # Without this pair of actions every alarm of the topic goes off in silence.
        assert encrypt["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
        assert publish["Action"] == ["sns:Publish"]
        for each in (encrypt, publish):
            assert each["Principal"] == {"Service": ["cloudwatch.amazonaws.com"]}
            assert "aws_caller_identity" in each["Condition"]["StringEquals"]["aws:SourceAccount"]
        source = publish["Condition"]["ArnLike"]["aws:SourceArn"]
        assert f":cloudwatch:{region}:" in source
        assert source.endswith(f":alarm:{NAME}-*")


def test_addresses_are_subscribed_in_both_regions_or_nowhere(tmp_path: Path) -> None:
    two = synthesise_platform(tmp_path / "two", shape=Shape(emails=("a@b.example", "c@d.example")))
    subscriptions = two["watching"]["resource"]["aws_sns_topic_subscription"].values()
    assert sorted((each["endpoint"], each.get("provider", "aws")) for each in subscriptions) == [
        ("a@b.example", "aws"),
        ("a@b.example", "aws.us-east-1"),
        ("c@d.example", "aws"),
        ("c@d.example", "aws.us-east-1"),
    ]
    none = synthesise_platform(tmp_path / "none", shape=Shape(emails=()))
    assert "aws_sns_topic_subscription" not in none["watching"]["resource"]


@pytest.mark.parametrize(
    ("shape", "thresholds", "gone"),
    [
        (Shape(), AlarmThresholds(), {"api-waf-blocks", "edge-waf-blocks"}),
        (Shape(provisioned=False), None, {"function-spillover"}),
        (Shape(serverless=False), None, {"database-capacity"}),
        (Shape(readers=0), None, {"replica-lag"}),
    ],
)
def test_alarms_are_there_only_for_what_there_is(
    tmp_path: Path,
    watching: Block,
    shape: Shape,
    thresholds: AlarmThresholds | None,
    gone: set[str],
) -> None:
    wanted = thresholds or AlarmThresholds(waf_blocked_requests=500)
    other = synthesise_platform(tmp_path, shape=shape, thresholds=wanted)["watching"]
    assert set(_alarms(watching)) - set(_alarms(other)) == gone


@pytest.mark.parametrize(
    ("shape", "expected"),
    [(Shape(can_pause=True), "notBreaching"), (Shape(can_pause=False), "breaching")],
)
def test_a_silent_database_is_an_alarm_unless_it_may_pause(
    tmp_path: Path, shape: Shape, expected: str
) -> None:
    alarms = _alarms(synthesise_platform(tmp_path, shape=shape)["watching"])
    for name in ("database-cpu", "replica-lag"):
        assert alarms[name]["treat_missing_data"] == expected


def test_thresholds_are_those_given_and_shown_as_lines(tmp_path: Path) -> None:
    thresholds = AlarmThresholds(database_cpu_percent=61, database_connections_percent=50)
    watching = synthesise_platform(tmp_path, thresholds=thresholds)["watching"]
    alarms = _alarms(watching)
    assert alarms["database-cpu"]["threshold"] == 61
    assert alarms["database-connections"]["threshold"] == 500  # of the 1,000 in the fixture
    (chart,) = [each for each in _charts(watching) if each.get("title") == "Database: CPU"]
    assert chart["annotations"]["horizontal"] == [{"label": "Alarm", "value": 61}]


def _charts(watching: Block) -> list[Block]:
    named: Mapping[str, Block] = watching["resource"]["aws_cloudwatch_dashboard"]
    bodies = [json.loads(block["dashboard_body"]) for block in named.values()]
    return [widget["properties"] for body in bodies for widget in body["widgets"]]


def test_nothing_that_would_never_or_always_go_off_is_taken() -> None:
    with pytest.raises(ValueError, match=r"function_throttles\n.*greater than 0"):
        AlarmThresholds(function_throttles=0)
    groups = {str(number): f"/group/{number}" for number in range(11)}
    with pytest.raises(ValueError, match="11 log groups; an alarm adds up 1 to 10"):
        MonitoredLogs(groups=groups, archive_bucket="archive", region="eu-west-1")
