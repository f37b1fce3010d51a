"""What a rule is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from review.terraform import Configuration, Resource

Severity = Literal["error", "warning"]
"""An error is what AWS refuses, or what loses data, exposes it or fails in use. A warning is what
costs more or tells less than it could."""

Applies = Callable[[Resource, Configuration], bool]
Check = Callable[[Resource, Configuration], Iterator[str]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A statement that holds for every resource of some types, or is broken."""

    id: str
    """Its name, such as `function-image-runtime`."""

    title: str
    """What holds, as a sentence without a full stop."""

    severity: Severity
    aws: str
    """What AWS does if the rule is broken, in one or two sentences."""

    fix: str
    """What to write instead, in one sentence."""

    source: str
    """The address of the documentation that says so."""

    of: tuple[str, ...]
    """The types of resources that it is about."""

    applies: Applies
    """Whether it says anything about a resource. It may raise `NotEvaluableError`."""

    check: Check
    """Yields what is wrong with a resource. It may raise `NotEvaluableError`."""

    refused_locally: str = ""
    """The test that shows that the embedded AWS refuses it; empty if it cannot see it."""


def _always(_resource: Resource, _all: Configuration) -> bool:
    return True


def rule(  # what every rule says about itself
    id_: str,
    *of: str,
    title: str,
    aws: str,
    fix: str,
    source: str,
    severity: Severity = "error",
    applies: Applies = _always,
    refused_locally: str = "",
) -> Callable[[Check], Rule]:
    """Make a rule of a check.

    Args:
        id_: Its name.
        *of: The types of resources that it is about.
        title: What holds.
        aws: What AWS does if it is broken.
        fix: What to write instead.
        source: The address of the documentation.
        severity: How bad it is.
        applies: Whether it says anything about a resource; without it, it does about each.
        refused_locally: The test of the embedded AWS's refusal.
    """

    def make(check: Check) -> Rule:
        return Rule(
            id=id_,
            of=of,
            title=title,
            severity=severity,
            aws=aws,
            fix=fix,
            source=source,
            applies=applies,
            check=check,
            refused_locally=refused_locally,
        )

    return make


def rules_of(namespace: dict[str, object]) -> tuple[Rule, ...]:
    """Return the rules that a module defines, in order."""
    return tuple(each for each in namespace.values() if isinstance(each, Rule))
