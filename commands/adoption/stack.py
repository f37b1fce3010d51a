"""The synthesised configuration of a stack, and the values that it refers to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from commands.shared.references import REMOTE_OUTPUT
from commands.shared.state import Block

_EXPRESSION = re.compile(r"\$\{([^}]*)\}")
_SUBSTRING = re.compile(r"substr\((.+), (\d+), (\d+)\)")
_ATTRIBUTE = re.compile(r"((?:data\.)?\w+\.[\w-]+)\.(\w+)")


class UnknownValueError(Exception):
    """A value depends on something that does not exist yet, so nothing can have used it."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource of the synthesised configuration."""

    type: str
    name: str
    block: Block

    @property
    def address(self) -> str:
        """Terraform's address."""
        return f"{self.type}.{self.name}"

    @property
    def tags(self) -> Block:
        """The tags of its own, beside those that every resource of the stack gets."""
        return self.block.get("tags", {})

    @property
    def region(self) -> str | None:
        """The region of the resource's aliased provider; None is the home region."""
        return self.block.get("provider", "aws").partition(".")[2] or None


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The synthesised configuration of a stack."""

    document: Block

    @property
    def default_tags(self) -> dict[str, str]:
        """The tags that every resource of the stack gets."""
        return self.document["provider"]["aws"][0]["default_tags"][0]["tags"]

    @property
    def moved(self) -> dict[str, str]:
        """The former address of each resource that this version moves."""
        return {each["to"]: each["from"] for each in self.document.get("moved", [])}

    def data_sources(self, *types: str) -> Iterator[str]:
        """Yield the addresses of all data sources of some types."""
        for type_ in types:
            for name in self.document.get("data", {}).get(type_, {}):
                yield f"data.{type_}.{name}"

    def resources(self) -> Iterator[Resource]:
        """Yield every resource."""
        for type_, blocks in self.document.get("resource", {}).items():
            for name, block in blocks.items():
                yield Resource(type=type_, name=name, block=block)


@dataclass(frozen=True, kw_only=True)
class KnownValues:
    """What references of a configuration refer to, as far as it exists."""

    attributes: dict[str, Block]
    """Attributes of resources and data sources, by address."""

    remote_outputs: "RemoteOutputs"

    def resolve(self, value: Any) -> Any:  # noqa: ANN401  # any value of Terraform's JSON
        """Return a value with its references replaced.

        Raises:
            UnknownValueError: It refers to something that does not exist.
        """
        if isinstance(value, str):
            whole = _EXPRESSION.fullmatch(value)
            if whole:
                return self._evaluate(whole[1])
            return _EXPRESSION.sub(lambda found: str(self._evaluate(found[1])), value)
        if isinstance(value, list):
            return [self.resolve(each) for each in cast("list[Any]", value)]
        if isinstance(value, dict):
            entries = cast("dict[str, Any]", value)
            return {key: self.resolve(each) for key, each in entries.items()}
        return value

    def _evaluate(self, expression: str) -> Any:  # noqa: ANN401  # any value of Terraform's JSON
        try:
            if remote := REMOTE_OUTPUT.fullmatch(expression):
                return self.remote_outputs.of(remote["stack"])[remote["output"]]
            if attribute := _ATTRIBUTE.fullmatch(expression):
                return self.resolve(self.attributes[attribute[1]][attribute[2]])
            if part := _SUBSTRING.fullmatch(expression):
                start, length = int(part[2]), int(part[3])
                return self._evaluate(part[1])[start : start + length]
        except KeyError as error:
            raise UnknownValueError(expression) from error
        raise UnknownValueError(expression)


@dataclass(kw_only=True)
class RemoteOutputs:
    """The outputs of the stacks that this one refers to, each read once."""

    read: Any
    """Returns the outputs of the stack with this id."""

    _known: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    def of(self, stack_id: str) -> Mapping[str, Any]:
        """Return the outputs of a stack."""
        if stack_id not in self._known:
            self._known[stack_id] = self.read(stack_id)
        return self._known[stack_id]
