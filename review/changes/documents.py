"""Compares JSON documents within attributes: policies by statement, lists without their order."""

import json
from collections.abc import Iterator
from typing import Any

from review.terraform.shapes import as_list, is_list, is_mapping

IDENTITIES = (
    "Sid", "sid", "Id", "id", "name", "Name", "origin_id", "target_origin_id", "path_pattern",
    "error_code", "rule_number", "key", "path", "priority", "type",
)  # fmt: skip
"""What tells elements of a list apart, the surest first."""


def parse(value: object) -> Any:  # noqa: ANN401  # any JSON
    """Return what a text encodes, if it is a JSON object or array; else the value itself."""
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def normalise(value: object) -> Any:  # noqa: ANN401  # any JSON
    """Return a value in which the order of lists does not count, and one text is a list of it."""
    if is_mapping(value):
        return {key: normalise(each) for key, each in value.items()}
    if is_list(value):
        items = sorted((normalise(each) for each in value), key=_text)
        return items[0] if len(items) == 1 and isinstance(items[0], str) else items
    return value


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def pair(before: list[Any], after: list[Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield the elements of two lists that differ: how they are known, before and after.

    Equal elements are left out, wherever they stand. What is left is paired by what identifies it.
    """
    # Most elements are the same and in the same place.
    changed = [each for each in before if each not in after]
    left = {_text(normalise(each)): each for each in changed}
    right = {_text(normalise(each)): each for each in after if each not in before}
    gone = [each for text, each in left.items() if text not in right]
    new = [each for text, each in right.items() if text not in left]
    for element in list(gone):
        name = identity(element)
        match = next((each for each in new if name and identity(each) == name), None)
        if match is not None:
            gone.remove(element)
            new.remove(match)
            yield name, element, match
    if len(gone) == 1 and len(new) == 1:
        yield "", gone[0], new[0]
        return
    for element in gone:
        yield identity(element), element, None
    for element in new:
        yield identity(element), None, element


def identity(element: object) -> str:
    """Return what identifies an element, such as `Sid=Read`; empty if nothing does."""
    if is_mapping(element):
        for name in IDENTITIES:
            if isinstance(element.get(name), str | int) and element[name] != "":
                return f"{name}={element[name]}"
    return ""


def statements(document: object) -> list[Any] | None:
    """Return the statements of a policy; nothing if a document is none."""
    if is_mapping(document) and "Statement" in document:
        return as_list(document["Statement"])
    return None
