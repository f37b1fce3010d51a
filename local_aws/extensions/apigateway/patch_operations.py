"""Patch operations of API Gateway, applied to moto's models."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from moto.apigateway.exceptions import BadRequestException

Operation = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Field:
    """The attribute that a patch path changes."""

    attribute: str
    """The attribute's name in moto's model."""

    kind: Literal["value", "list", "map"] = "value"
    """Whether the attribute is one value, a list or a map.

    The rest of the path is a list's member, or the key in a map. A path without a rest adds the
    operation's value to a list.
    """

    convert: Callable[[str], object] = str
    """Converts the operation's text to a value."""


def boolean(text: str) -> bool:
    """Convert an operation's text to a boolean."""
    return text.lower() == "true"


def patch(target: object, operations: Iterable[Operation], fields: Mapping[str, Field]) -> None:
    """Apply patch operations (API Gateway API Reference, PatchOperation).

    Raises:
        BadRequestException: `fields` has no such path.
    """
    for operation in operations:
        name, _, key = operation["path"].removeprefix("/").partition("/")
        if name not in fields:
            message = f"Invalid patch path '{operation['path']}'"
            raise BadRequestException(message)
        field = fields[name]
        current: Any = getattr(target, field.attribute)
        change = {"value": _value, "list": _list, "map": _map}[field.kind]
        key = key.replace("~1", "/").replace("~0", "~")
        setattr(target, field.attribute, change(current, key, operation, field.convert))


def _value(
    _current: object, _key: str, operation: Operation, convert: Callable[[str], object]
) -> object:
    return None if operation["op"] == "remove" else convert(operation["value"])


def _list(
    current: list[object] | None,
    key: str,
    operation: Operation,
    convert: Callable[[str], object],
) -> list[object]:
    member = convert(key or operation["value"])
    others = [other for other in current or [] if other != member]
    return others if operation["op"] == "remove" else [*others, member]


def _map(
    current: dict[str, object] | None,
    key: str,
    operation: Operation,
    convert: Callable[[str], object],
) -> dict[str, object]:
    others = {other: value for other, value in (current or {}).items() if other != key}
    if operation["op"] == "remove":
        return others
    return others | {key: convert(operation["value"])}
