"""The parts of the platform: its stacks, in the order of their dependencies."""

from typing import Literal, get_args

Part = Literal["foundation", "data", "service", "edge", "observability"]
"""Name of a stack without the environment's prefix."""

PARTS: tuple[Part, ...] = get_args(Part)
"""All stacks; each reads only from those before it."""
