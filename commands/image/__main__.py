"""Publishes the image of the selected environment."""

from commands.image.environment import publish
from commands.shared.console import user_errors
from commands.shared.deployed_environment import select_deployed


def main() -> None:
    """Publish the image of the selected environment."""
    publish(settings=select_deployed())


if __name__ == "__main__":
    with user_errors():
        main()
