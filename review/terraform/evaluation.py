"""Evaluates expressions as far as their parts are known."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from review.terraform.expressions import Node, parse_template
from review.terraform.functions import FUNCTIONS, as_text
from review.terraform.shapes import as_list, is_list, is_mapping
from review.terraform.values import Reference, Unknown, UnknownJson, find_unknowns

Lookup = Callable[[Reference], object]
"""Returns the value of a reference, or `Unknown`."""


def evaluate(value: object, lookup: Lookup) -> object:
    """Return a value of Terraform JSON with its expressions evaluated, also within lists."""
    if isinstance(value, str):
        return _evaluate_text(value, lookup) if "${" in value or "%{" in value else value
    if is_mapping(value):
        entries = value
        return {key: evaluate(each, lookup) for key, each in entries.items()}
    if is_list(value):
        return [evaluate(each, lookup) for each in value]
    return value


def _evaluate_text(text: str, lookup: Lookup) -> object:
    if text.lstrip()[:1] in {"{", "["} and (content := _decoded(text)) is not None:
        filled = evaluate(content, lookup)
        if any(find_unknowns(filled)):
            references = tuple(parse_template(text).references())
            return UnknownJson(text, references, content=filled)
        return json.dumps(filled)
    node = parse_template(text)
    try:
        result = _node(node, lookup)
    except (TypeError, ValueError, LookupError, ArithmeticError, RecursionError):
        result = Unknown()
    if type(result) is Unknown:
        return Unknown(result.text or text, tuple(node.references()))
    if isinstance(result, UnknownJson):
        return UnknownJson(text, tuple(node.references()), content=result.content)
    return result


def _decoded(text: str) -> object:
    """Return what a JSON text with expressions in its strings encodes, or nothing."""
    with suppress(ValueError, RecursionError):
        return json.loads(text)
    with suppress(ValueError, RecursionError):
        return json.loads(_with_quotes_escaped(text))
    return None


def _with_quotes_escaped(text: str) -> str:
    """Escape the quotes within `${...}`: Terraform does not need that, and JSON does."""
    first, *others = text.split("${")
    parts = [first]
    for other in others:
        depth, end = 1, 0
        while depth and end < len(other):
            depth += {"{": 1, "}": -1}.get(other[end], 0)
            end += 1
        parts += ["${", json.dumps(other[:end])[1:-1], other[end:]]
    return "".join(parts)


def _node(  # noqa: C901, PLR0911  # one answer for each kind
    node: Node, lookup: Lookup
) -> Any:  # noqa: ANN401  # a value of any type
    parts = node.parts
    match node.kind:
        case "literal":
            return node.value
        case "reference":
            return lookup(node.value)
        case "template":
            return _template([_node(part, lookup) for part in parts])
        case "list":
            return [_node(part, lookup) for part in parts]
        case "object":
            values = [_node(part, lookup) for part in parts]
            return dict(zip(values[::2], values[1::2], strict=True))
        case "index":
            return _index(_node(parts[0], lookup), _node(parts[1], lookup))
        case "choice":
            condition = _node(parts[0], lookup)
            if isinstance(condition, Unknown):
                return Unknown()
            return _node(parts[1] if condition else parts[2], lookup)
        case "call":
            return _call(node.value, [_node(part, lookup) for part in parts])
        case "unary" | "binary":
            return _operate(node.value, [_node(part, lookup) for part in parts])
        case _:
            return Unknown()


def _template(values: Sequence[object]) -> object:
    """Join the parts of a string; unknown parts stay visible in the text."""
    known = not any(find_unknowns(list(values)))
    text = "".join(
        f"${{{value.text.removeprefix('${').removesuffix('}') or '...'}}}"
        if isinstance(value, Unknown)
        else as_text(value)
        for value in values
    )
    return text if known else Unknown(text)


def _index(value: Any, index: Any) -> object:  # noqa: ANN401  # a value of any type
    if isinstance(value, Unknown) or isinstance(index, Unknown):
        return Unknown()
    return as_list(value)[int(index)] if is_list(value) else value[index]


def _operate(sign: str, values: list[Any]) -> object:  # noqa: PLR0911  # one answer for each sign
    if any(isinstance(value, Unknown) for value in values):
        return Unknown()
    if len(values) == 1:
        return not values[0] if sign == "!" else -values[0]
    left, right = values
    match sign:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "&&":
            return left and right
        case "||":
            return left or right
        case _:
            if isinstance(left, str) or isinstance(right, str):
                raise TypeError
            return _ARITHMETIC[sign](left, right)


_ARITHMETIC: dict[str, Callable[[Any, Any], object]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b if abs(a) < 2**64 and abs(b) < 2**64 else Unknown(),
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
}


def _call(name: str, arguments: list[Any]) -> object:
    if name == "jsonencode":
        (content,) = arguments
        if any(find_unknowns(content)):
            return UnknownJson(content=content)
        return json.dumps(content)
    function = FUNCTIONS.get(name)
    if function is None or any(find_unknowns(arguments)):
        return Unknown()
    return function(*arguments)
