"""Terraform accepts every good example, and the bad ones as recorded; plans mislead no rule."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from review.guardrails.text import render
from tests.review.fixtures import read_fixtures
from tests.review.measure import RECORD, guard_plan, summarise
from tests.review.platform import exercised_anywhere
from tests.review.terraform_fixtures import Verdict, measure

pytestmark = pytest.mark.terraform

Verdicts = Mapping[tuple[str, str], Verdict]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    """Return what Terraform says about each example."""
    return measure(read_fixtures(), folder=tmp_path_factory.mktemp("fixtures"))


def test_every_good_example_is_accepted(verdicts: Verdicts) -> None:
    refused = {
        rule: verdict.errors
        for (rule, kind), verdict in verdicts.items()
        if kind == "good" and verdict.document is None
    }
    assert not refused


def test_what_is_measured_is_recorded(verdicts: Verdicts, tmp_path: Path) -> None:
    measured = summarise(verdicts, on_platform=exercised_anywhere(folder=tmp_path))
    assert measured == json.loads(RECORD.read_text()), (
        "Run `make guardrails`, and look at what changed."
    )


def test_no_rule_fires_on_the_plan_of_a_good_example(verdicts: Verdicts) -> None:
    for (rule, kind), verdict in verdicts.items():
        report = guard_plan(verdict)
        if kind == "good" and report:
            assert not report.findings, f"{rule}: {render(report)}"


def test_no_rule_passes_the_plan_of_its_bad_example(verdicts: Verdicts) -> None:
    for (rule, kind), verdict in verdicts.items():
        report = guard_plan(verdict)
        if kind == "bad" and report:
            answers = {each.rule.id for each in (*report.findings, *report.not_evaluated)}
            assert rule in answers, f"{rule}: {render(report)}"
