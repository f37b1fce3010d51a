"""Prints the status of the selected environment."""

from commands.shared.console import user_errors
from commands.status.screen import print_status
from modules.settings.selection import load_selected


def main() -> None:
    """Print the status of the selected environment."""
    print_status(settings=load_selected().settings)


if __name__ == "__main__":
    with user_errors():
        main()
