"""A stack as Terraform sees it: its synthesised configuration, and its state."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

Block = Mapping[str, Any]
"""A block of Terraform's JSON."""

_EXPRESSION = re.compile(r"\$\{([^}]*)\}")
_REMOTE_OUTPUT = re.compile(
    r"data\.terraform_remote_state\.cross-stack-reference-input-([\w-]+)\.outputs\.([\w-]+)"
)
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
class State:
    """The state of a stack, as `terraform state pull` prints it."""

    document: Block

    @property
    def outputs(self) -> Mapping[str, Any]:
        """The values of the outputs, by name."""
        return {name: each["value"] for name, each in self.document.get("outputs", {}).items()}

    def attributes(self) -> dict[str, Block]:
        """Return the attributes of every resource and data source, by address."""
        return {
            _address(resource): instance["attributes"]
            for resource in self.document.get("resources", [])
            for instance in resource["instances"]
            if "deposed" not in instance
        }

    def ids(self, type_: str) -> set[str]:
        """Return the ids of all resources of a type, under any address."""
        return {
            instance["attributes"]["id"]
            for resource in self.document.get("resources", [])
            if resource["type"] == type_
            for instance in resource["instances"]
        }

    def tainted(self) -> set[str]:
        """Return the addresses of resources whose creation did not end well."""
        return {
            _address(resource)
            for resource in self.document.get("resources", [])
            for instance in resource["instances"]
            if instance.get("status") == "tainted" and "deposed" not in instance
        }


def _address(resource: Block) -> str:
    prefix = "data." if resource["mode"] == "data" else ""
    return f"{prefix}{resource['type']}.{resource['name']}"


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
            if remote := _REMOTE_OUTPUT.fullmatch(expression):
                return self.remote_outputs.of(remote[1])[remote[2]]
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
