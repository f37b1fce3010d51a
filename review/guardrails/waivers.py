"""Findings that somebody has accepted for a while."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, cast

from review.errors import ReviewError
from review.yaml_files import load_yaml

FIELDS = ("rule", "address", "reason", "expires")


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """One entry of a file of waivers."""

    rule: str
    """The rule's id."""

    address: str
    """The resource's address with its stack; `*` stands for any text."""

    reason: str
    expires: date
    """The last day on which it counts."""

    def accepts(self, rule: str, address: str) -> bool:
        """Return whether it accepts a finding today."""
        return (
            rule == self.rule
            and fnmatchcase(address, self.address)
            and not self.is_expired(today=date.today())  # noqa: DTZ011  # a day of the user's place
        )

    def is_expired(self, *, today: date) -> bool:
        """Return whether its last day is over."""
        return today > self.expires


def read_waivers(path: Path, *, rules: frozenset[str]) -> tuple[Waiver, ...]:
    """Return the waivers in a YAML file: a list of `rule`, `address`, `reason`, `expires`.

    Args:
        path: The file.
        rules: The ids of all rules.

    Raises:
        ReviewError: The file cannot be read, or an entry is not complete.
    """
    content = load_yaml(path)
    if content is None:
        return ()
    if not isinstance(content, list):
        message = f"{path}: write a list of waivers, each with {', '.join(FIELDS)}."
        raise ReviewError(message)
    entries = cast("list[Any]", content)
    problems = [
        f"{path}, waiver {number}: {problem}"
        for number, entry in enumerate(entries, start=1)
        for problem in _problems(entry, rules=rules)
    ]
    if problems:
        raise ReviewError("\n".join(problems))
    return tuple(Waiver(**entry) for entry in entries)


def _problems(entry: object, *, rules: frozenset[str]) -> Iterator[str]:
    if not isinstance(entry, Mapping):
        yield f"write {', '.join(FIELDS)}."
        return
    fields = cast("Mapping[str, object]", entry)
    for name in FIELDS:
        if not fields.get(name):
            yield f"{name} is missing."
    for name in fields.keys() - set(FIELDS):
        yield f"{name} is not known; write {', '.join(FIELDS)}."
    if fields.get("rule") and str(fields["rule"]) not in rules:
        yield f"there is no rule {fields['rule']}; docs/guardrails.md lists all."
    if fields.get("expires") and type(fields["expires"]) is not date:
        yield "expires is a day, such as 2027-03-31."
    for name in ("address", "reason"):
        if fields.get(name) and not isinstance(fields[name], str):
            yield f"{name} is a text."
