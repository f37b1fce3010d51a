"""Publishes the image of the selected environment."""

from commands.image.environment import foundation_outputs, publish
from commands.shared.console import user_errors
from commands.shared.deployed_environment import select_deployed


def main() -> None:
    """Publish the image of the selected environment."""
    settings = select_deployed()
    outputs = foundation_outputs(settings=settings)
    image = publish(settings=settings, outputs=outputs, report=print, output=print)
    print(f"{image.uri} is published{'' if image.pushed else ' already'}.")


if __name__ == "__main__":
    with user_errors():
        main()
