"""What the risks share."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from review.changes.model import Finding, Level, Risk
from review.changes.reading import Change
from review.terraform.shapes import is_list, is_mapping
from review.terraform.values import Unknown


def finding(change: Change, *, risk: Risk, level: Level, sentence: str) -> Finding:
    """Return a finding about a change."""
    return Finding(
        risk=risk, level=level, stack=change.stack, address=change.address, sentence=sentence
    )


def matches(type_: str, patterns: Iterable[str]) -> bool:
    """Return whether a type is among patterns in which `*` stands for any text."""
    return any(fnmatchcase(type_, pattern) for pattern in patterns)


def value_at(values: Mapping[str, Any], path: Iterable[str]) -> Any:  # noqa: ANN401  # any JSON
    """Return the value at a path; a block that is there once counts as its only element."""
    found: Any = values
    for step in path:
        if is_list(found):
            found = found[0] if found else None
        found = found.get(step) if is_mapping(found) else found if _is_hidden(found) else None
    return found


def _is_hidden(value: object) -> bool:
    return isinstance(value, Unknown)


def is_empty(value: object) -> bool:
    """Return whether nothing is set."""
    return value is None or value in ("", [], {}, False)


def goes(change: Change) -> bool:
    """Return whether the object that is there ends."""
    return change.action in {"delete", "replace"}


def number(value: object) -> float | None:
    """Return a number, also if it is written as text; nothing for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None
