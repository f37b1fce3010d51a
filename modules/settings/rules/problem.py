"""A broken rule, and a check that several rules share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A broken rule: the key to change, what is wrong and what is allowed."""

    key: str
    message: str


def check_unique(key: str, values: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem if a value occurs twice."""
    if len(set(values)) < len(values):
        yield Problem(key=key, message=f"has a duplicate: {', '.join(values)}")
