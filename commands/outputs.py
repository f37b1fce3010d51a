"""`make outputs`: prints the outputs of what is deployed, as a table or as JSON."""

import json
from collections.abc import Mapping

from commands.shared.console import CommandError, user_errors
from commands.shared.printing import print_table, wants_json
from commands.shared.terraform import own_outputs, read_outputs, synthesise
from modules.settings import PARTS, Settings
from modules.settings.selection import load_selected


def print_outputs(*, settings: Settings, as_json: bool) -> None:
    """Print the outputs of all deployed stacks.

    Args:
        settings: The environment.
        as_json: Print one JSON object instead of a table for each stack.

    Raises:
        CommandError: Nothing is deployed.
    """
    outputs = {part: read_outputs(part, settings=settings) for part in PARTS}
    if not any(outputs.values()):
        message = f"{settings.prefix} is not deployed: run `make deploy` first."
        raise CommandError(message)
    if as_json:
        print_json(outputs)
        return
    for part in PARTS:
        print_table(
            title=settings.stack_id(part),
            columns=("output", "value"),
            rows=[(name, _display(value)) for name, value in outputs[part].items()],
        )


def print_json(outputs: Mapping[str, Mapping[str, object]]) -> None:
    """Print the outputs of all stacks as one JSON object, without those that CDKTF adds."""
    own = {part: own_outputs(each) for part, each in outputs.items()}
    print(json.dumps(own, indent=2, sort_keys=True))


def _display(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {item}" for key, item in value.items())  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return str(value)


def main() -> None:
    """Print the outputs of the selected environment."""
    settings = load_selected().settings
    as_json = wants_json()
    synthesise(settings=settings)
    print_outputs(settings=settings, as_json=as_json)


if __name__ == "__main__":
    with user_errors():
        main()
