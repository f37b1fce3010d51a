"""Resources and their nested blocks, as rules read them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from review.terraform.shapes import as_list, as_mapping, is_expression, is_list, is_mapping
from review.terraform.values import Reference, Unknown, UnknownJson, find_unknowns

FILLED_IN = (
    "admin_create_user_config",
    "egress",
    "ephemeral_storage",
    "ingress",
    "logging_config",
    "password_policy",
    "route",
    "server_side_encryption_configuration",
    "sms_configuration",
    "tracing_config",
    "verification_message_template",
    "web_authn_configuration",
)
"""Blocks that the provider fills in if they are not written.

In a plan any other block that is unknown and not written is generated from an unknown value.
"""


class NotEvaluableError(Exception):
    """A rule cannot be evaluated on this input, because a value is not visible in it."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}")


class Source(Protocol):
    """Knows how values and references are written in one kind of input."""

    def value(self, raw: object) -> object:
        """Return what a raw value is, with `Unknown` for what is not known."""
        ...

    def references(self, raw: object, expression: object) -> Iterator[Reference]:
        """Yield what a raw value is made from."""
        ...

    def resolve(self, reference: Reference) -> "Iterator[tuple[Resource, str]]":
        """Yield the resources that a reference leads to, each with the attribute that is read."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """A resource, or a block within one."""

    place: str
    """Its address, with the path of a nested block."""

    raw: Mapping[str, Any]
    """Its arguments as the input has them."""

    source: Source = field(repr=False)
    expressions: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    """A plan's expressions for its arguments; empty for a configuration."""

    _values: dict[str, object] = field(default_factory=dict[str, object], repr=False)

    def get(self, name: str) -> Any:  # noqa: ANN401  # an argument of any type
        """Return an argument: its value, `None` if it is not set, or `Unknown`.

        Lists and maps may have `Unknown` within. What AWS chooses because nothing is written is not
        set, in plans too.
        """
        if name not in self._values:
            value = self.source.value(self.raw.get(name))
            computed = isinstance(value, Unknown) and value.is_computed
            self._values[name] = None if computed else value
        return self._values[name]

    def known(self, name: str) -> Any:  # noqa: ANN401  # an argument of any type
        """Return an argument of which every part is known, or `None` if it is not set.

        Raises:
            NotEvaluableError: It is not known yet.
        """
        value = self.get(name)
        if any(find_unknowns(value)):
            raise NotEvaluableError(self.place, f"{name} is not known yet")
        return value

    def number(self, name: str) -> float | None:
        """Return a number, also if it is written as text, or `None` if it is not set.

        Raises:
            NotEvaluableError: It is not known yet, or is no number.
        """
        value = self.known(name)
        if value is None or value == "":
            return None
        try:
            return float(value)
        except (TypeError, ValueError) as error:
            raise NotEvaluableError(self.place, f"{name} is no number") from error

    def text(self, name: str) -> str:
        """Return a text; empty if it is not set.

        Raises:
            NotEvaluableError: It is not known yet, or is no text.
        """
        value = self.known(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        raise NotEvaluableError(self.place, f"{name} is no text")

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a truth value, also if it is written as text.

        Raises:
            NotEvaluableError: It is not known yet.
        """
        value = self.known(name)
        return default if value is None else value in (True, "true", "1")

    def items(self, name: str) -> list[Any]:
        """Return a list, with `Unknown` in it for single elements that are not known.

        Raises:
            NotEvaluableError: The list itself is not known.
        """
        value = self.get(name)
        if isinstance(value, Unknown):
            raise NotEvaluableError(self.place, f"{name} is not known yet")
        if value is None:
            return []
        return value if is_list(value) else [value]

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Return a map, with `Unknown` in it for single values that are not known.

        Raises:
            NotEvaluableError: It is not known, or is no map.
        """
        value = self.get(name)
        if value is None:
            return {}
        if is_list(value) and len(value) == 1:
            value = value[0]
        if is_mapping(value):
            return value
        raise NotEvaluableError(self.place, f"{name} is not known yet")

    def document(self, name: str) -> Any:  # noqa: ANN401  # any JSON
        """Return what a JSON text encodes, with `Unknown` for parts that are not known.

        Raises:
            NotEvaluableError: It is not known, or is no JSON.
        """
        return self.source_document(self.get(name), name)

    def source_document(self, value: object, name: str) -> Any:  # noqa: ANN401  # any JSON
        """Return what a JSON text encodes; `name` says where it stands."""
        if isinstance(value, UnknownJson):
            return value.content
        if value is None:
            return None
        if isinstance(value, str):
            try:
                return json.loads(value)
            except (ValueError, RecursionError) as error:
                raise NotEvaluableError(self.place, f"{name} is no JSON") from error
        raise NotEvaluableError(self.place, f"{name} is not known yet")

    def is_set(self, name: str) -> bool:
        """Return whether an argument has a value other than null and empty."""
        value = self.get(name)
        return value is not None and value not in ("", [], {})

    def blocks(self, name: str) -> list["Block"]:
        """Return the nested blocks of a name.

        Raises:
            NotEvaluableError: They are generated from values that are not known yet.
        """
        dynamic: Any = self.raw.get("dynamic")
        if dynamic is not None and name in str(dynamic):
            raise NotEvaluableError(self.place, f"{name} is generated")
        raw: Any = self.raw.get(name)
        if isinstance(raw, (str, Unknown)):
            raw = self.source.value(raw)
            if isinstance(raw, Unknown) and not (raw.is_computed and name in FILLED_IN):
                raise NotEvaluableError(self.place, f"{name} is not known yet")
        written: Any = self.expressions.get(name)
        return [
            Block(
                place=f"{self.place}.{name}[{index}]",
                raw=each,
                source=self.source,
                expressions=_expressions_of(each, index, written),
            )
            for index, each in enumerate(as_list(raw))
            if is_mapping(each)
        ]

    def block(self, name: str) -> "Block | None":
        """Return the first nested block of a name.

        Raises:
            NotEvaluableError: It is generated from values that are not known yet.
        """
        return next(iter(self.blocks(name)), None)

    def references(self, name: str) -> list[Reference]:
        """Return what an argument is made from, anywhere within it."""
        found = self.source.references(self.raw.get(name), self.expressions.get(name))
        return list(dict.fromkeys(found))


def _expressions_of(raw: Mapping[str, Any], index: int, written: object) -> Mapping[str, Any]:
    """Return a plan's expressions for the arguments of a nested block."""
    if is_expression(written):
        # Blocks that the provider declares as an attribute have one expression for all of them.
        return {name: written for name, value in raw.items() if any(find_unknowns(value))}
    expressions = as_list(written)
    # Generated blocks share the one expression that is written.
    return as_mapping(expressions[min(index, len(expressions) - 1)]) if expressions else {}


SIGNING_IN = ("access_key", "assume_role", "profile", "shared_credentials_files")
"""The arguments of a provider configuration that choose the account."""


def identity_of(provider: Mapping[str, Any]) -> str:
    """Return how a provider configuration signs in, as a text to compare."""
    chosen = {name: provider[name] for name in SIGNING_IN if provider.get(name)}
    return json.dumps(chosen, sort_keys=True, default=str) if chosen else ""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A provider configuration."""

    name: str
    """The kind, such as `aws`."""

    alias: str
    region: object
    """The region, `None` if it is not set, or `Unknown`."""

    has_default_tags: bool | None
    """Whether it sets default tags; `None` if this is not visible."""

    identity: str = ""
    """How it signs in, which tells accounts apart: the same text is the same account."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Resource(Block):
    """A resource or a data source."""

    stack: str
    """The stack, or the file, that it stands in."""

    address: str
    """Its address in the stack, such as `aws_vpc.main` or `module.a.aws_vpc.main[0]`."""

    type: str
    name: str
    mode: str = "managed"
    """`managed` or `data`."""

    module: str = ""
    """The prefix of its module: empty, or such as `module.a.`."""

    provider: Provider | None = None
    """The provider that it uses; nothing if this is not visible."""

    lifecycle_arguments: Mapping[str, Any] | None = None
    """Its lifecycle; nothing where the input does not have it, as in plans."""

    dependencies: tuple[Reference, ...] | None = None
    """What `depends_on` names; nothing where the input does not have it."""

    repeated: bool = False
    """Whether `count` or `for_each` makes any number of it."""

    @property
    def full_address(self) -> str:
        """The address with the stack."""
        return f"{self.stack}/{self.address}" if self.stack else self.address

    @cached_property
    def lifecycle(self) -> Mapping[str, Any]:
        """Its lifecycle.

        Raises:
            NotEvaluableError: The input does not have it.
        """
        if self.lifecycle_arguments is None:
            raise NotEvaluableError(self.address, "plans do not have the lifecycle")
        return self.lifecycle_arguments

    @property
    def region(self) -> str:
        """The region of its provider; empty if the environment chooses it.

        Raises:
            NotEvaluableError: It is not visible.
        """
        if self.provider is None or isinstance(self.provider.region, Unknown):
            raise NotEvaluableError(self.address, "the provider's region is not visible")
        return str(self.provider.region or "")
