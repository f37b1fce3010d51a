"""What a stack reads from the outputs of the stacks before it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

REMOTE_OUTPUT = re.compile(
    r"data\.terraform_remote_state\.cross-stack-reference-input-(?P<stack>[\w-]+)"
    r"\.outputs\.(?P<output>[\w-]+)"
)
"""CDKTF's reference to an output of another stack."""

Outputs = Mapping[str, Any]
"""The values of a stack's outputs, by name."""


@dataclass(frozen=True, kw_only=True)
class References:
    """The outputs that a stack reads, by the id of the stack that has them."""

    names: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, document: str) -> "References":
        """Find the references in a synthesised stack."""
        names: dict[str, set[str]] = {}
        for found in REMOTE_OUTPUT.finditer(document):
            names.setdefault(found["stack"], set()).add(found["output"])
        return cls(names={stack: frozenset(each) for stack, each in names.items()})

    def read(self, outputs: Mapping[str, Outputs]) -> Outputs | None:
        """Return the values that the stack reads, or None if one of them is not deployed yet."""
        if self.missing(outputs):
            return None
        return {
            f"{stack}.{name}": outputs[stack][name]
            for stack, names in self.names.items()
            for name in names
        }

    def missing(self, outputs: Mapping[str, Outputs]) -> list[str]:
        """Return the ids of the stacks that lack an output which the stack reads."""
        return [
            stack
            for stack, names in self.names.items()
            if not names <= outputs.get(stack, {}).keys()
        ]

    def touched_by(self, changed: Mapping[str, frozenset[str]]) -> bool:
        """Return whether the stack reads a changed output, by the ids of the stacks with them."""
        return any(names & changed.get(stack, frozenset()) for stack, names in self.names.items())
