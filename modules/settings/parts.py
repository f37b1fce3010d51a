"""The parts of the platform: its stacks, in the order of their dependencies."""

from typing import Literal, get_args

Part = Literal["foundation", "data", "service", "edge", "observability"]
"""A stack of the environment, without its prefix."""

PARTS: tuple[Part, ...] = get_args(Part)
"""All stacks; each reads only from those before it."""
