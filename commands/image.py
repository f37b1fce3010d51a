"""`make image`: builds and publishes the API's image, unless its tag exists."""

from commands.aws import ecr_client
from commands.console import CommandError, user_errors
from commands.deployed import select_deployed
from commands.registry import publish_image, published_digest
from commands.terraform import read_outputs
from modules.release.container_image import image_tag
from modules.release.release import CONTAINER
from modules.settings import Settings


def publish(*, settings: Settings) -> None:
    """Publish the image to the environment's repository.

    Raises:
        CommandError: the foundation stack is not deployed.
        ImageError: the image cannot be built or published.
    """
    outputs = read_outputs("foundation", settings=settings)
    if not outputs:
        message = "There is no repository yet: deploy the foundation stack first (make deploy)."
        raise CommandError(message)
    publish_image(
        folder=CONTAINER,
        tag=image_tag(folder=CONTAINER),
        repository_url=str(outputs["repository_url"]),
        repository_name=str(outputs["repository_name"]),
        ecr=ecr_client(settings=settings),
        allow_without_docker=settings.local_aws is not None,
        report=print,
    )


def is_published(*, settings: Settings) -> bool:
    """Return whether the repository holds the image of `container/` as it is now.

    Raises:
        ImageError: there is no repository.
    """
    outputs = read_outputs("foundation", settings=settings)
    digest = published_digest(
        ecr=ecr_client(settings=settings),
        repository_name=str(outputs["repository_name"]),
        tag=image_tag(folder=CONTAINER),
    )
    return digest is not None


def main() -> None:
    """Publish the image of the selected environment."""
    settings = select_deployed()
    publish(settings=settings)


if __name__ == "__main__":
    with user_errors():
        main()
