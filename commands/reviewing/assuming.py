"""Lets a stack be planned with outputs that the stacks before it only get with the deployment."""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from commands.shared.terraform import ASSUMED

Block = dict[str, Any]


def planned_outputs(document: Mapping[str, Any]) -> dict[str, Block]:
    """Return the outputs of a plan whose values are known, by name, as a state has them."""
    planned: Mapping[str, Block] = document.get("planned_values", {}).get("outputs", {})
    return {name: each for name, each in planned.items() if "value" in each and "type" in each}


@contextmanager
def assuming(
    outputs: Mapping[str, Mapping[str, Block]], *, folder: Path, scratch: Path
) -> Generator[None]:
    """Let a synthesised stack read outputs from files instead of the states of other stacks.

    Args:
        outputs: The outputs that it reads, by the id of the stack that has them.
        folder: The synthesised stack.
        scratch: A folder that only the user may read, because outputs can be secret.
    """
    override = folder / ASSUMED
    inputs: Block = {}
    for stack, values in outputs.items():
        state = scratch / f"{stack}.assumed.tfstate"
        state.write_text(json.dumps({"version": 4, "serial": 1, "outputs": values}))
        inputs[f"cross-stack-reference-input-{stack}"] = {
            "backend": "local",
            "config": {"path": str(state)},
        }
    try:
        override.write_text(json.dumps({"data": {"terraform_remote_state": inputs}}))
        yield
    finally:
        override.unlink(missing_ok=True)
