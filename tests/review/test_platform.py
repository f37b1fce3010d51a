"""This platform breaks no rule, and no rule is vacuous.

What the platform does not have is exercised by the rule's own fixture: `test_rules.py` shows that
it holds there.
"""

import json

from review.guardrails.text import render
from tests.review.fixtures import read_fixtures
from tests.review.measure import RECORD
from tests.review.platform import exercised, guard_platform
from tests.synthesis import Synthesis


def test_an_environment_breaks_no_rule(synthesis: Synthesis) -> None:
    report = guard_platform(synthesis.documents())
    assert not report.findings, render(report)


def test_everything_about_an_environment_can_be_evaluated(synthesis: Synthesis) -> None:
    report = guard_platform(synthesis.documents())
    assert not report.not_evaluated, render(report)


def test_what_the_platform_exercises_is_recorded(synthesis: Synthesis) -> None:
    record = json.loads(RECORD.read_text())
    recorded = {rule for rule, measured in record.items() if measured["on_platform"]}
    new = exercised(guard_platform(synthesis.documents())) - recorded
    assert not new, "Run `make guardrails`."


def test_what_the_platform_does_not_exercise_has_a_fixture() -> None:
    record = json.loads(RECORD.read_text())
    foreign = {rule for rule, measured in record.items() if not measured["on_platform"]}
    assert foreign <= read_fixtures().keys()
