"""The functions that run the container image.

The service stack creates them. The image repository, in a stack below it, admits them by name.
"""

from typing import Literal, get_args

FunctionRole = Literal["administration", "api"]
"""What a function of the image is for."""


def name_function(role: FunctionRole, *, prefix: str) -> str:
    """Return the name of a function that runs the image."""
    return f"{prefix}-{role}"


def name_all_functions(*, prefix: str) -> list[str]:
    """Return the names of all functions that run the image."""
    roles: tuple[FunctionRole, ...] = get_args(FunctionRole)
    return [name_function(role, prefix=prefix) for role in roles]
