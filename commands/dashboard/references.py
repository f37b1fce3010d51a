"""References in synthesised stacks, and the resources that they point at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
"""An object in Terraform's JSON."""

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
    """The resource in Terraform's JSON."""

    @property
    def address(self) -> str:
        """The address, as Terraform writes it: `type.name.attribute`."""
        return f"{self.type}.{self.name}.{self.attribute}"


@dataclass(frozen=True)
class References:
    """The references between the stacks of an environment."""

    stacks: Mapping[str, Block]
    """Terraform's JSON of each stack, by stack id."""

    def resolve(self, address: str, *, stack: str) -> Target | None:
        """Return the target of an address, through other stacks' outputs; None if it is missing.

        Args:
            address: Address without `${` and `}`.
            stack: Id of the stack that contains the address.
        """
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
        """Return a JSON value with every reference replaced by the address of its target.

        A text that is one reference becomes the address. In a longer text, the address is in
        braces.
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
