"""Selects the action of a listener for a request.

Source: Application Load Balancers User Guide, Listener rules.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.elbv2.models import FakeAction, FakeListener

from local_aws.requests.messages import Request
from local_aws.requests.unsupported import UnsupportedError
from local_aws.wildcards import matches

Condition = Mapping[str, Any]


def action_for(request: Request, *, listener: FakeListener) -> Mapping[str, Any]:
    """Return the action of the first rule, by priority, whose conditions are all met.

    Raises:
        UnsupportedError: A rule has a condition that the embedded AWS lacks.
    """
    *rules, default = listener.rules.values()
    for rule in sorted(rules, key=lambda rule: int(rule.priority)):
        if all(_is_met(condition, request) for condition in rule.conditions):
            return _only_action(rule.actions)
    return _only_action(default.actions)


def _only_action(actions: Iterable[FakeAction]) -> Mapping[str, Any]:
    """Return the only action of a rule; several would include authentication."""
    *before, last = (action.data for action in actions)
    if before:
        message = f"The embedded AWS lacks load balancer actions of type {before[0]['Type']}."
        raise UnsupportedError(message)
    return last


def _is_met(condition: Condition, request: Request) -> bool:
    field: str = condition["Field"]
    if field not in _CONDITIONS:
        message = f"The embedded AWS lacks load balancer conditions on {field}."
        raise UnsupportedError(message)
    config, is_met = _CONDITIONS[field]
    values: list[str] = condition.get(config, {}).get("Values") or condition.get("Values", [])
    return any(is_met(value, request) for value in values)


def _host_matches(pattern: str, request: Request) -> bool:
    host = request.headers.get("Host", "").partition(":")[0]
    return matches(pattern.lower(), host.lower())


_CONDITIONS: Mapping[str, tuple[str, Callable[[str, Request], bool]]] = {
    "host-header": ("HostHeaderConfig", _host_matches),
    "http-request-method": (
        "HttpRequestMethodConfig",
        lambda value, request: value == request.method,
    ),
    "path-pattern": (
        "PathPatternConfig",
        lambda value, request: matches(value, request.path),
    ),
}
"""The supported conditions by field: the key of their values, and their check."""
