"""Each rule fires on its bad fixture, holds on its good one, and is true of this platform."""

import pytest

from review.guardrails.guard import Report, guard
from review.guardrails.rules import MODULES, RULES
from review.guardrails.text import render
from review.terraform.inputs import read_documents
from tests.review.fixtures import Fixture, read_fixtures

FIXTURES = read_fixtures()


def _guard(document: dict[str, object]) -> Report:
    return guard(read_documents([("", document)]), rules=RULES)


@pytest.fixture(params=[rule.id for rule in RULES])
def fixture(request: pytest.FixtureRequest) -> Fixture:
    """Return the fixture of each rule in turn."""
    return FIXTURES[request.param]


def test_every_fixture_belongs_to_a_rule_of_its_subject() -> None:
    ids = [rule.id for rule in RULES]
    assert sorted(FIXTURES) == sorted(ids)
    subjects = {
        each.id: module.__name__.rpartition(".")[2]
        for module in MODULES
        for each in RULES
        if each in vars(module).values()
    }
    assert {each.rule: each.subject for each in FIXTURES.values()} == subjects


def test_a_rule_fires_on_its_bad_fixture(fixture: Fixture) -> None:
    report = _guard(fixture.bad)
    assert fixture.rule in {each.rule.id for each in report.findings}, render(report)


def test_a_good_fixture_breaks_no_rule_and_its_own_holds(fixture: Fixture) -> None:
    report = _guard(fixture.good)
    assert not report.findings, render(report)
    assert report.held[fixture.rule], render(report)
