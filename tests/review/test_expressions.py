"""Terraform's expressions are evaluated as far as their parts are known."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.terraform.evaluation import evaluate
from review.terraform.expressions import parse_template
from review.terraform.shapes import is_list, is_mapping
from review.terraform.values import Reference, Unknown, UnknownJson

KNOWN: dict[str, Any] = {
    "var.name": "shop",
    "var.count": 3,
    "var.on": True,
    "var.list": ["a", "b"],
    "var.map": {"a": {"b": ["c"]}},
    "var.nothing": None,
}


def look_up(reference: Reference) -> object:
    if reference.address not in KNOWN:
        return Unknown(f"${{{reference.address}}}", (reference,))
    value = KNOWN[reference.address]
    for step in reference.path:
        value = value[step]
    return value


def evaluated(text: object) -> object:
    return evaluate(text, look_up)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("${var.name}", "shop"),
        ("${var.name}-${var.count}", "shop-3"),
        ("is ${var.on}", "is true"),
        ("${var.count}", 3),
        ("${var.on}", True),
        ("${var.list}", ["a", "b"]),
        ("${var.list[1]}", "b"),
        ("${var.map.a.b[0]}", "c"),
        ('${var.map["a"]}', {"b": ["c"]}),
        ("$${var.name}", "${var.name}"),
        ("100%%{x}", "100%{x}"),
        ("$5 and 5%", "$5 and 5%"),
        ("${~ var.name}", "shop"),
        ('${"a" == "a" ? "yes" : "no"}', "yes"),
        ("${var.count > 2 && !false}", True),
        ("${1 + 2 * 3 - 4 / 2}", 5.0),
        ("${(1 + 2) * 3}", 9),
        ("${-var.count}", -3),
        ("${7 % 4}", 3),
        ("${null}", None),
        ('${[1, "a", true]}', [1, "a", True]),
        ("${[1, 2,]}", [1, 2]),
        ('${{a = 1, "b" = var.name}}', {"a": 1, "b": "shop"}),
        ("${{a: 1}}", {"a": 1}),
        ('${join("-", ["a", var.name])}', "a-shop"),
        ('${lower("AB")}${upper("cd")}', "abCD"),
        ('${coalesce("", null, "x")}', "x"),
        ("${element([1, 2], 3)}", 2),
        ("${length(var.list)}", 2),
        ("${merge({a = 1}, {b = 2})}", {"a": 1, "b": 2}),
        ('${lookup({a = 1}, "b", 2)}', 2),
        ("${concat([1], [2])}", [1, 2]),
        ('${split(",", "a,b")}', ["a", "b"]),
        ('${replace("a.b", ".", "-")}', "a-b"),
        ('${substr("shop", 0, 2)}', "sh"),
        ('${trimspace(" a ")}', "a"),
        ('${toset(["b", "a", "b"])}', ["a", "b"]),
        ("${max(1, 3)}${min(2, 4)}", "32"),
        ("${jsonencode({a = var.list})}", '{"a": ["a", "b"]}'),
        ('${jsondecode("{\\"a\\": 1}")}', {"a": 1}),
        ('${"in ${var.name} out"}', "in shop out"),
        ('{"name": "${var.name}"}', '{"name": "shop"}'),
    ],
)
def test_what_is_known_has_its_value(text: str, expected: object) -> None:
    assert evaluated(text) == expected


@pytest.mark.parametrize(
    ("text", "shown", "addresses"),
    [
        ("${aws_vpc.main.id}", "${aws_vpc.main}", ["aws_vpc.main"]),
        ("${data.aws_region.now.name}", "${data.aws_region.now}", ["data.aws_region.now"]),
        (
            "a-${aws_vpc.main.id}-${var.name}",
            "a-${aws_vpc.main}-shop",
            ["aws_vpc.main", "var.name"],
        ),
        ("${aws_vpc.main.id == null ? 1 : 2}", None, ["aws_vpc.main"]),
        ("${uuid()}", None, []),
        ("${sha1(var.name)}", None, ["var.name"]),
        ("${1 / 0}", None, []),
        ("${element([], 0)}", None, []),
        ('${"a" + 1}', None, []),
        ("${var.list[9]}", None, ["var.list"]),
        ('${replace("a", "/a/", "b")}', None, []),
        ("${[for x in aws_subnet.a : x.id]}", None, ["aws_subnet.a"]),
        ("${{for k, v in var.map : k => v}}", None, ["var.map"]),
        ("${aws_subnet.a[*].id}", "${aws_subnet.a}", ["aws_subnet.a"]),
        ("${module.network.subnet_id}", "${module.network}", ["module.network"]),
        ("${each.value}", "${each.value}", ["each.value"]),
        ("%{ if var.on }${aws_vpc.main.id}%{ endif }", None, ["var.on", "aws_vpc.main"]),
        ("${<<EOT\n${aws_vpc.main.id}\nEOT\n}", None, ["aws_vpc.main"]),
        ("${aws_vpc.main.id", None, ["aws_vpc.main"]),
        ("${}", None, []),
    ],
)
def test_what_is_not_known_says_what_it_is_made_from(
    text: str, shown: str | None, addresses: list[str]
) -> None:
    value = evaluated(text)
    assert isinstance(value, Unknown)
    assert value.text == (shown or text)
    assert [each.address for each in value.references] == addresses


def test_a_document_with_an_unknown_part_shows_the_others() -> None:
    for text in (
        '{"Resource": "${aws_s3_bucket.logs.arn}", "Effect": "Allow"}',
        '${jsonencode({Resource = aws_s3_bucket.logs.arn, Effect = "Allow"})}',
    ):
        value = evaluated(text)
        assert isinstance(value, UnknownJson)
        assert value.content["Effect"] == "Allow"
        assert isinstance(value.content["Resource"], Unknown)
        assert [each.address for each in value.references] == ["aws_s3_bucket.logs"]


def test_lists_and_objects_are_evaluated_within() -> None:
    value = evaluated({"a": ["${var.name}", "${aws_vpc.main.id}", 1, None]})
    assert is_mapping(value)
    name, unknown, *others = value["a"]
    assert name == "shop"
    assert isinstance(unknown, Unknown)
    assert others == [1, None]


def test_a_reference_has_its_path() -> None:
    (reference,) = parse_template('${aws_lb.shop[0].access_logs["x"].bucket}').references()
    assert reference == Reference("aws_lb.shop", (0, "access_logs", "x", "bucket"))
    assert reference.attribute == "access_logs"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
literals = st.recursive(
    st.one_of(texts, st.booleans(), st.none(), st.integers(0, 10**9)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.from_regex(r"[a-z_]{1,5}", fullmatch=True), inner, max_size=3),
    ),
    max_leaves=8,
)


def written(value: Any) -> str:  # noqa: ANN401  # any JSON
    """Write a value as Terraform does in an expression."""
    if is_mapping(value):
        return "{" + ", ".join(f"{key} = {written(each)}" for key, each in value.items()) + "}"
    if is_list(value):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace('"', '\\"')
        text = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
        return '"' + text.replace("${", "$${").replace("%{", "%%{") + '"'
    return json.dumps(value)


@given(value=literals)
@settings(derandomize=True, database=None, deadline=None, max_examples=200)
def test_a_literal_is_its_value(value: object) -> None:
    assert evaluated("${" + written(value) + "}") == value


@given(text=texts)
@settings(derandomize=True, database=None, deadline=None, max_examples=200)
def test_an_escaped_text_is_itself(text: str) -> None:
    escaped = text.replace("${", "$${").replace("%{", "%%{")
    assert evaluated("${var.name}" + escaped) == "shop" + text


def test_a_json_text_may_have_quotes_in_its_expressions() -> None:
    text = '{"Resource": "${join("-", ["x", var.name])}", "Other": "${aws_vpc.a["b"].id}"}'
    value = evaluate(text, look_up)
    assert isinstance(value, UnknownJson)
    assert value.content["Resource"] == "x-shop"
    assert isinstance(value.content["Other"], Unknown)
