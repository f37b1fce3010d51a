"""What a refusal is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard, cast

Parameters = Mapping[str, Any]
"""The parameters of a request, under the names of AWS's API."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request as the service gets it."""

    operation: str
    """The operation's name, such as `CreateFunction`."""

    region: str
    parameters: Parameters


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A reason for which a service refuses requests."""

    service: str
    """The service's name in boto3, such as `lambda`."""

    operations: tuple[str, ...]
    code: str
    """The code of AWS's error."""

    find: Callable[[Request], Iterator[str]]
    """Yields what is wrong with a request."""


def part(parameters: Parameters, *names: str) -> Parameters:
    """Return a structure within parameters; an empty one if it is not there."""
    for name in names:
        parameters = parameters.get(name) or {}
    return parameters


def parts(parameters: Parameters, *names: str) -> list[Parameters]:
    """Return the structures in a list within parameters."""
    *outer, last = names
    return cast("list[Parameters]", part(parameters, *outer).get(last) or [])


def texts(parameters: Parameters, name: str) -> list[str]:
    """Return the texts in a list within parameters."""
    return cast("list[str]", parameters.get(name) or [])


def outside(parameters: Parameters, name: str, limits: tuple[float, float]) -> Iterator[str]:
    """Yield a sentence if a number is outside its limits."""
    value = parameters.get(name)
    if value is not None and not limits[0] <= float(value) <= limits[1]:
        yield f"{name} {value} is not between {limits[0]} and {limits[1]}."


def is_mapping(value: object) -> TypeGuard[Parameters]:
    """Return whether a value is an object."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Return whether a value is a list."""
    return isinstance(value, list)


def as_mapping(value: object) -> Parameters:
    """Return an object; anything else is an empty one."""
    return value if is_mapping(value) else {}


def as_list(value: object) -> list[Any]:
    """Return a list; anything else is an empty one."""
    return value if is_list(value) else []


def as_items(value: object) -> list[Any]:
    """Return a list; nothing is an empty one, and anything else is its only element."""
    if value is None:
        return []
    return value if is_list(value) else [value]
