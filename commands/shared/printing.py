"""Prints tables, or JSON where FORMAT asks for it."""

import os

from rich.console import Console
from rich.table import Table

from commands.shared.console import CommandError

_WIDTH_WITHOUT_TERMINAL = 160


def wants_json() -> bool:
    """Return whether FORMAT asks for JSON.

    Raises:
        CommandError: FORMAT is neither json nor table.
    """
    wanted = os.environ.get("FORMAT") or "table"
    if wanted not in {"json", "table"}:
        message = f"FORMAT: there is no format '{wanted}'; use json or table."
        raise CommandError(message)
    return wanted == "json"


def print_table(*, title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a table that never cuts a value short."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    # Print `:secret:` in an ARN as it is, rather than as an emoji.
    console = Console(emoji=False, markup=False, highlight=False)
    console.width = console.width if console.is_terminal else _WIDTH_WITHOUT_TERMINAL
    console.print(table)
