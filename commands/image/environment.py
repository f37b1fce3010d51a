"""The API's image in the repository of an environment."""

from commands.image.publish import publish_image, published_digest
from commands.shared.aws import ecr_client
from commands.shared.console import CommandError
from commands.shared.terraform import read_outputs
from modules.release.container_image import image_tag
from modules.release.release import CONTAINER
from modules.settings import Settings


def publish(*, settings: Settings) -> None:
    """Publish the image to the environment's repository.

    Raises:
        CommandError: The foundation stack is not deployed.
        ImageError: The image cannot be built or published.
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
        ImageError: There is no repository.
    """
    outputs = read_outputs("foundation", settings=settings)
    digest = published_digest(
        ecr=ecr_client(settings=settings),
        repository_name=str(outputs["repository_name"]),
        tag=image_tag(folder=CONTAINER),
    )
    return digest is not None
