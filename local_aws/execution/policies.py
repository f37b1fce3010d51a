"""Decides by IAM policies (IAM User Guide, Policy evaluation logic).

moto's own evaluation takes an unmet condition for a denial and does not know most conditions.

Of a condition on what is not known here, such as a KMS encryption context, neither side is taken:
the statement allows as if it were met, and denies as if it were not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, cast

from local_aws.wildcards import matches

Context = Mapping[str, str | None]


class Match(Enum):
    """Whether a statement is about a request."""

    NO = 0
    UNKNOWN = 1
    YES = 2


@dataclass(frozen=True, kw_only=True)
class Request:
    """What somebody wants to do."""

    action: str
    """Such as `kms:Decrypt`."""

    resource: str | None
    """ARN; None if it is not known which."""

    service: str | None = None
    """The principal that asks, where the policy is of a resource or of a role's trust."""

    context: Context = field(default_factory=dict[str, str | None])
    """Condition keys in lower case. One that is None is known to be absent, one that is missing is
    not known."""


def allows(documents: Iterable[Mapping[str, Any]], request: Request) -> bool:
    """Return whether some statement allows the request and none denies it."""
    allowed = False
    for document in documents:
        for statement in _several(document.get("Statement", [])):
            match = _match(statement, request)
            if statement["Effect"] == "Deny" and match is Match.YES:
                return False
            allowed |= statement["Effect"] == "Allow" and match is not Match.NO
    return allowed


def _match(statement: Mapping[str, Any], request: Request) -> Match:
    parts = [
        _names(statement, "Action", request.action.lower(), lower=True),
        _names(statement, "Resource", request.resource),
        _principal(statement, request.service),
        *(
            _condition(operator, key, _several(wanted), request.context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        ),
    ]
    return min(parts, key=lambda part: part.value)


def _names(
    statement: Mapping[str, Any], element: str, value: str | None, *, lower: bool = False
) -> Match:
    """Compare one of `Action`, `Resource` and their opposites, `NotAction` and `NotResource`."""
    negated = f"Not{element}" in statement
    patterns = _several(statement.get(f"Not{element}" if negated else element, "*"))
    if "*" in patterns:
        return Match.NO if negated else Match.YES
    if value is None:
        return Match.UNKNOWN
    found = any(matches(pattern.lower() if lower else pattern, value) for pattern in patterns)
    return Match.YES if found is not negated else Match.NO


def _principal(statement: Mapping[str, Any], service: str | None) -> Match:
    principal = statement.get("Principal")
    if principal is None or principal == "*":
        return Match.YES
    if not isinstance(principal, dict):  # an account
        return Match.NO
    services = cast("dict[str, Any]", principal).get("Service", [])
    return Match.YES if service in _several(services) else Match.NO


def _condition(operator: str, key: str, wanted: list[Any], context: Context) -> Match:
    base = operator.removesuffix("IfExists")
    if key.lower() not in context:
        return Match.UNKNOWN
    value = context[key.lower()]
    if base == "Null":
        return Match.YES if [str(value is None).lower()] == _lowered(wanted) else Match.NO
    negated = "Not" in base
    if value is None:
        return Match.YES if negated or base != operator else Match.NO
    comparison = base.replace("Not", "")
    if comparison in {"StringEquals", "Bool"}:
        found = value in map(str, wanted)
    elif comparison == "StringEqualsIgnoreCase":
        found = value.lower() in _lowered(wanted)
    elif comparison in {"StringLike", "ArnEquals", "ArnLike"}:
        found = any(matches(pattern, value) for pattern in wanted)
    else:
        return Match.UNKNOWN
    return Match.YES if found is not negated else Match.NO


def _lowered(values: Iterable[Any]) -> list[str]:
    return [str(value).lower() for value in values]


def _several(value: Any) -> list[Any]:  # noqa: ANN401  # policies are JSON
    """Return a list where a policy may have one value instead."""
    return cast("list[Any]", value) if isinstance(value, list) else [value]
