"""The list of rules is up to date, and what it names exists."""

import ast
import json

import pytest

from modules.toolchain import ROOT
from review.errors import ReviewError
from review.guardrails.index import render_index
from review.guardrails.rules import MODULES, RULES
from tests.review.measure import RECORD


def test_the_list_of_rules_is_up_to_date() -> None:
    written = (ROOT / "docs" / "guardrails.md").read_text()
    current = render_index(MODULES, record=json.loads(RECORD.read_text()))
    assert written == current, "Run `make guardrails`."


def test_every_rule_is_measured_and_no_other() -> None:
    assert sorted(json.loads(RECORD.read_text())) == sorted(rule.id for rule in RULES)


def test_a_rule_that_is_not_measured_is_named() -> None:
    with pytest.raises(ReviewError, match=r"Nothing is recorded about api-.*make guardrails"):
        render_index(MODULES, record={})


def test_the_test_of_a_local_refusal_exists() -> None:
    for named in {rule.refused_locally for rule in RULES} - {""}:
        file, _, test = named.partition("::")
        tree = ast.parse((ROOT / file).read_text())
        functions = {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}
        assert test.partition("[")[0] in functions, named
