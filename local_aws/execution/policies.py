"""Evaluates IAM policies (IAM User Guide, Policy evaluation logic).

moto's own evaluation treats an unmet condition as a denial and does not know most conditions.

An unknown condition, such as one on a KMS encryption context, counts as met in Allow and as unmet
in Deny.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, cast

from local_aws.wildcards import matches

Context = Mapping[str, str | None]


class Match(Enum):
    """Whether a statement matches a request."""

    NO = 0
    UNKNOWN = 1
    YES = 2


@dataclass(frozen=True, kw_only=True)
class Request:
    """An action on a resource that needs permission."""

    action: str
    """The action, such as `kms:Decrypt`."""

    resource: str | None
    """The ARN of the resource; None if it is unknown."""

    service: str | None = None
    """The service that asks, for policies of resources and trust policies of roles."""

    context: Context = field(default_factory=dict[str, str | None])
    """The condition keys in lower case. A key with None is absent; a missing key is unknown."""


def allows(documents: Iterable[Mapping[str, Any]], request: Request) -> bool:
    """Return whether a statement allows the request and none denies it."""
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
    """Match a value with `Action` or `Resource`, or with `NotAction` or `NotResource`."""
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
    """Return a policy's value as a list, since a list of one may be written as the value."""
    return cast("list[Any]", value) if isinstance(value, list) else [value]
