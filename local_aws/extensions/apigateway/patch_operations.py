"""Patch operations of API Gateway, applied to moto's models."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from moto.apigateway.exceptions import BadRequestException

Operation = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Field:
    """What a patch path stands for."""

    attribute: str
    """Of moto's model."""

    kind: Literal["value", "list", "map"] = "value"
    """One value; a list, whose members are the path's end or else the value; or a map, whose key is
    the path's end."""

    convert: Callable[[str], object] = str
    """Makes a value of the patch's text."""


def boolean(text: str) -> bool:
    """Read a truth value of a patch."""
    return text.lower() == "true"


def patch(target: object, operations: Iterable[Operation], fields: Mapping[str, Field]) -> None:
    """Apply patch operations (API Gateway API Reference, PatchOperation).

    Raises:
        BadRequestException: a path is none of `fields`.
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
