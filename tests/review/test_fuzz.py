"""Readers, rules and reports answer any JSON without raising."""

import json
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.errors import ReviewError
from review.guardrails.guard import guard
from review.guardrails.machine import render_json, render_sarif
from review.guardrails.rules import RULES
from review.guardrails.text import render
from review.terraform.inputs import read_documents
from review.terraform.shapes import is_list, is_mapping
from tests.review.documents import Block, names_of, planned
from tests.review.fixtures import read_fixtures

pytestmark = pytest.mark.slow

deterministic = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

EXAMPLES = [each for found in read_fixtures().values() for each in (found.good, found.bad)]
NAMES = names_of(EXAMPLES)
LABELS = ("api", "live", "edge", "main", "x")
META = ("count", "depends_on", "dynamic", "for_each", "lifecycle", "provider", "tags")


def _texts(value: object) -> set[str]:
    if is_mapping(value):
        return {text for each in value.values() for text in _texts(each)}
    if is_list(value):
        return {text for each in value for text in _texts(each)}
    return {value} if isinstance(value, str) else set()


TEXTS = sorted(_texts(EXAMPLES))
"""Every text of the fixtures: names, expressions, policies."""

JUNK = (
    "",
    " ",
    "*",
    ":::::",
    "$LATEST",
    "${",
    "${}",
    "$${x}",
    "%{ if x }y%{ endif }",
    "${aws_lambda_function.api",
    "${aws_lambda_function.api.arn}:${aws_lambda_function.api.version}",
    "${aws_lambda_function.api[*].arn}",
    '${aws_lambda_function.api["x"].arn}',
    "${data.aws_iam_policy_document.x.json}",
    "${data.terraform_remote_state.x.outputs.y}",
    "${local.x}",
    "${var.x.y[0]}",
    "${module.x.y}",
    "${each.value}",
    "${count.index}",
    "${self}",
    "${[for x in y : x]}",
    "${1 / 0}",
    '${element([], 1)}${max("a", 1)}${jsondecode("{")}',
    '${jsonencode({"a" = aws_lambda_function.api.arn})}',
    "${true ? null : 1}",
    '{"Statement": "${var.x}"}',
    '{"Statement": [{"Effect": 1, "Action": {"a": 1}, "Principal": [1], "Resource": null}]}',
    '{"widgets": [{"type": "metric", "properties": {"metrics": [["A", "B", 1, []], 2]}}]}',
    "[[[[]]]]",
    "9" * 400,
    "1e999",
    "NaN",
    "10.0.0.0/99",
    "10.0.0.0/8",
    "::/0",
    "cron(",
    "arn:aws:lambda",
    "\ud800",
    "\0",
)

VALUES: tuple[Any, ...] = (*JUNK, None, True, -1, 1e308, [], {}, [None], [[]])

leaves = st.one_of(
    st.sampled_from([*TEXTS, *JUNK]),
    st.sampled_from(JUNK),
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**20), max_value=10**20),
    st.floats(),
)


def _arguments(names: list[str]) -> st.SearchStrategy[Any]:
    keys = st.sampled_from([*names, *META])
    values = st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)
        ),
        max_leaves=8,
    )
    return st.one_of(st.dictionaries(keys, values, max_size=8), values)


BODIES = {
    type_: st.dictionaries(st.sampled_from(LABELS), _arguments(names), max_size=2)
    for type_, names in NAMES.items()
}


@st.composite
def documents(draw: st.DrawFn) -> Block:
    """Draw a configuration with a few types of resources, and other blocks of any content."""
    types = draw(st.lists(st.sampled_from(sorted(NAMES)), max_size=5))
    blocks = st.sampled_from(["data", "provider", "locals", "variable", "output", "terraform"])
    keys = st.sampled_from(["x", "aws", *LABELS])
    more = draw(
        st.dictionaries(blocks, st.one_of(leaves, st.dictionaries(keys, leaves)), max_size=2)
    )
    return {"resource": {type_: draw(BODIES[type_]) for type_ in types}, **more}


def _nodes(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401  # any JSON
    """Return every place in a document: the list or object, and the index or key."""
    keys: list[Any] = list(value) if is_mapping(value) else list(range(len(value)))
    found = [(value, key) for key in keys]
    for key in keys:
        if is_mapping(value[key]) or is_list(value[key]):
            found += _nodes(value[key])
    return found


def mutated(document: Block, random: Random) -> Block:
    """Return a copy in which some places are replaced, deleted, wrapped or swapped."""
    copy = deepcopy(document)
    for _ in range(random.randint(1, 4)):
        nodes = _nodes(copy)
        if not nodes:
            break
        holder, key = random.choice(nodes)
        match random.randrange(5):
            case 0:
                del holder[key]
            case 1:
                holder[key] = [deepcopy(holder[key]), deepcopy(holder[key])]
            case 2:
                holder[key] = {str(random.choice(LABELS)): holder[key]}
            case 3:
                other, place = random.choice(nodes)
                holder[key] = deepcopy(other[place]) if _has(other, place) else None
            case _:
                holder[key] = deepcopy(random.choice(VALUES))
    return copy


def _has(holder: Any, key: Any) -> bool:  # noqa: ANN401  # a place in any JSON
    return key in holder if is_mapping(holder) else key < len(holder)


def review(document: Block) -> None:
    """Read a document, apply every rule, and render every report."""
    try:
        configuration = read_documents([("", document)])
    except ReviewError:
        return
    report = guard(configuration, rules=RULES)
    render(report)
    json.loads(render_json(report))
    json.loads(render_sarif(report, rules=()))


@given(document=documents())
@settings(deterministic, max_examples=80)
def test_any_configuration_is_answered(document: Block) -> None:
    review(document)


@given(document=documents(), random=st.randoms(use_true_random=False))
@settings(deterministic, max_examples=80)
def test_any_plan_is_answered(document: Block, random: Random) -> None:
    review(mutated(planned(document), random))


@given(example=st.sampled_from(EXAMPLES), random=st.randoms(use_true_random=False))
@deterministic
def test_any_mutation_of_a_fixture_is_answered(example: Block, random: Random) -> None:
    review(mutated(example, random))


@given(example=st.sampled_from(EXAMPLES), random=st.randoms(use_true_random=False))
@deterministic
def test_any_mutation_of_a_fixtures_plan_is_answered(example: Block, random: Random) -> None:
    review(mutated(planned(example), random))


@pytest.mark.parametrize("depth", [200, 20_000])
def test_deep_nesting_is_answered(depth: int) -> None:
    nested: Any = "${local.x}"
    for _ in range(depth):
        nested = [{"policy": nested}]
    for type_, names in NAMES.items():
        body = dict.fromkeys(names, nested)
        review({"resource": {type_: {"api": body}}})
        review({"format_version": "1.0", "resource_changes": [{"change": {"after": nested}}]})
