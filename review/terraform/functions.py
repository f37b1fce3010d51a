"""Terraform's functions that are evaluated here.

Source: Terraform documentation, Built-in Functions. Every other function has an unknown result.
"""

import json
from collections.abc import Callable
from itertools import chain
from typing import Any

from review.terraform.values import Unknown


def as_text(value: object) -> str:
    """Return a value as Terraform writes it into a string.

    Raises:
        TypeError: It is a list or a map.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise TypeError


def _coalesce(*values: object) -> object:
    return next(value for value in values if value is not None and value != "")


def _concat(*lists: list[Any]) -> object:
    return list(chain.from_iterable(lists))


def _element(values: list[Any], index: float) -> object:
    return values[int(index) % len(values)]


def _join(separator: str, *lists: list[Any]) -> object:
    return separator.join(map(as_text, chain.from_iterable(lists)))


def _lookup(values: dict[str, Any], key: str, *default: object) -> object:
    return values.get(key, *default)


def _merge(*maps: dict[str, Any]) -> object:
    return dict(chain.from_iterable(each.items() for each in maps))


def _replace(text: str, old: str, new: str) -> object:
    is_pattern = len(old) > 1 and old[0] == old[-1] == "/"
    return Unknown() if is_pattern else text.replace(old, new)


def _split(separator: str, text: str) -> object:
    return text.split(separator)


def _substr(text: str, start: int, length: int) -> object:
    return text[start:] if length < 0 else text[start:][:length]


def _toset(values: list[Any]) -> object:
    return sorted(set(values))


def _tostring(value: object) -> object:
    return None if value is None else as_text(value)


FUNCTIONS: dict[str, Callable[..., object]] = {
    "coalesce": _coalesce,
    "concat": _concat,
    "element": _element,
    "join": _join,
    "jsondecode": json.loads,
    "length": len,
    "lookup": _lookup,
    "lower": str.lower,
    "max": max,
    "merge": _merge,
    "min": min,
    "replace": _replace,
    "split": _split,
    "substr": _substr,
    "tolist": list,
    "tomap": dict,
    "tonumber": float,
    "toset": _toset,
    "tostring": _tostring,
    "trimspace": str.strip,
    "upper": str.upper,
}
