"""What the references in synthesised stacks point at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
"""A block of Terraform's JSON."""

REFERENCE = re.compile(r"\$\{(?P<address>[^{}]+)\}")
_REMOTE = re.compile(
    r"data\.terraform_remote_state\.cross-stack-reference-input-(?P<stack>[^.]+)"
    r"\.outputs\.(?P<output>[^.]+)"
)


@dataclass(frozen=True, kw_only=True)
class Target:
    """An attribute of a resource."""

    type: str
    name: str
    attribute: str
    block: Block
    """The resource itself."""

    @property
    def address(self) -> str:
        """How Terraform writes it."""
        return f"{self.type}.{self.name}.{self.attribute}"


@dataclass(frozen=True)
class References:
    """The stacks of an environment, by stack id, to follow references through."""

    stacks: Mapping[str, Block]

    def resolve(self, address: str, *, stack: str) -> Target | None:
        """Follow an address through other stacks' outputs to its end; None if there is none."""
        remote = _REMOTE.fullmatch(address)
        if remote:
            outputs = self.stacks.get(remote["stack"], {}).get("output", {})
            value = outputs.get(remote["output"], {}).get("value", "")
            target = REFERENCE.fullmatch(value)
            return target and self.resolve(target["address"], stack=remote["stack"])
        type_, _, rest = address.partition(".")
        name, _, attribute = rest.partition(".")
        block = self.stacks[stack].get("resource", {}).get(type_, {}).get(name)
        if block is None:
            return None
        return Target(type=type_, name=name, attribute=attribute, block=block)

    def readable(self, value: Any, *, stack: str) -> Any:  # noqa: ANN401  # any JSON value
        """Return the same JSON value with every reference as the address it ends at.

        A text that is one reference becomes its address; within a longer text it keeps its braces.
        """
        if isinstance(value, dict):
            return {key: self.readable(item, stack=stack) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
        if isinstance(value, list):
            return [self.readable(item, stack=stack) for item in value]  # pyright: ignore[reportUnknownVariableType]
        if not isinstance(value, str):
            return value
        whole = REFERENCE.fullmatch(value)
        if whole:
            return self._address(whole, stack=stack)
        return REFERENCE.sub(lambda match: f"{{{self._address(match, stack=stack)}}}", value)

    def _address(self, match: re.Match[str], *, stack: str) -> str:
        target = self.resolve(match["address"], stack=stack)
        return target.address if target else match["address"]
