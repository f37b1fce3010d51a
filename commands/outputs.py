"""`make outputs`: prints what is deployed, as a table or as JSON."""

import json
import os

from rich.console import Console
from rich.table import Table

from commands.console import CommandError, user_errors
from commands.terraform import read_outputs, synthesise
from modules.settings import PARTS, Settings
from modules.settings.selection import load_selected

_WIDTH_WITHOUT_TERMINAL = 160


def print_outputs(*, settings: Settings) -> None:
    """Print the outputs of all deployed stacks; FORMAT=json gives one JSON object.

    Raises:
        CommandError: nothing is deployed, or FORMAT is unknown.
    """
    outputs = {part: read_outputs(part, settings=settings) for part in PARTS}
    if not any(outputs.values()):
        message = f"{settings.prefix} is not deployed: run `make deploy` first."
        raise CommandError(message)
    if wants_json():
        print(json.dumps(outputs, indent=2, sort_keys=True))
        return
    for part in PARTS:
        print_table(
            title=settings.stack_id(part),
            columns=("output", "value"),
            rows=[(name, _display(value)) for name, value in outputs[part].items()],
        )


def wants_json() -> bool:
    """Return whether FORMAT asks for JSON.

    Raises:
        CommandError: FORMAT is neither json nor table.
    """
    wanted = os.environ.get("FORMAT") or "table"
    if wanted not in {"json", "table"}:
        message = f"FORMAT: there is no format '{wanted}'; json or table."
        raise CommandError(message)
    return wanted == "json"


def print_table(*, title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a table that never cuts a value short."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    # A `:secret:` in an ARN is no emoji.
    console = Console(emoji=False, markup=False, highlight=False)
    console.width = console.width if console.is_terminal else _WIDTH_WITHOUT_TERMINAL
    console.print(table)


def _display(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {item}" for key, item in value.items())  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return str(value)


def main() -> None:
    """Print the outputs of the selected environment."""
    settings = load_selected().settings
    synthesise(settings=settings)
    print_outputs(settings=settings)


if __name__ == "__main__":
    with user_errors():
        main()
