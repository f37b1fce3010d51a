"""Which stacks a command works on."""

import os

from commands.shared.console import CommandError
from modules.settings import PARTS, Part


def selected_parts() -> tuple[Part, ...]:
    """Return the stacks that STACKS names, in order; all of them without it.

    Raises:
        CommandError: STACKS names something else.
    """
    names = [name.strip() for name in (os.environ.get("STACKS") or "").split(",") if name.strip()]
    unknown = sorted(set(names).difference(PARTS))
    if unknown:
        message = f"STACKS: there is no stack {', '.join(unknown)}; use {', '.join(PARTS)}."
        raise CommandError(message)
    return tuple(part for part in PARTS if part in names) if names else tuple(PARTS)
