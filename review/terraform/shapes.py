"""Reads JSON of any shape without trusting it."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Return whether a value is an object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Return whether a value is a list."""
    return isinstance(value, list)


def as_mapping(value: object) -> Mapping[str, Any]:
    """Return an object; anything else is an empty one."""
    return value if is_mapping(value) else {}


def as_list(value: object) -> list[Any]:
    """Return a list; null is an empty one, and anything else is its only element."""
    if value is None:
        return []
    return value if is_list(value) else [value]


def as_text(value: object) -> str:
    """Return a text; anything else is an empty one."""
    return value if isinstance(value, str) else ""


def entries(value: object) -> Iterator[tuple[str, Any]]:
    """Yield the entries of an object, or of every object in a list."""
    for each in as_list(value):
        yield from as_mapping(each).items()


def bodies(value: object) -> list[Mapping[str, Any]]:
    """Return the objects in a value: itself, or those in a list."""
    return [each for each in as_list(value) if is_mapping(each)]


def first_body(value: object) -> Mapping[str, Any]:
    """Return the first object in a value; an empty one if there is none."""
    found = bodies(value)
    return found[0] if found else {}


def is_expression(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Return whether a value is a plan's expression for an argument, rather than for a block."""
    return is_mapping(value) and ("references" in value or "constant_value" in value)
