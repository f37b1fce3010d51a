"""The API's image in the repository of an environment."""

from collections.abc import Callable, Mapping

from commands.image.publish import Published, publish_image, published_digest
from commands.shared.aws import ecr_client
from commands.shared.console import CommandError
from commands.shared.terraform import read_outputs
from modules.release.container_image import image_tag
from modules.release.release import CONTAINER
from modules.settings import Settings

Outputs = Mapping[str, object]


def foundation_outputs(*, settings: Settings) -> Outputs:
    """Return the outputs of the stack that has the repository.

    Raises:
        CommandError: It is not deployed.
    """
    outputs = read_outputs("foundation", settings=settings)
    if not outputs:
        message = "There is no repository yet: deploy the foundation stack first (make deploy)."
        raise CommandError(message)
    return outputs


def publish(
    *,
    settings: Settings,
    outputs: Outputs,
    report: Callable[[str], None],
    output: Callable[[str], None],
) -> Published:
    """Publish the image to the environment's repository, unless it is there.

    Args:
        settings: The environment.
        outputs: The outputs of the foundation stack.
        report: Called with a line about each step of a publication.
        output: Called with each line that Docker prints.

    Raises:
        ImageError: The image cannot be built or published.
    """
    return publish_image(
        folder=CONTAINER,
        tag=image_tag(folder=CONTAINER),
        repository_url=str(outputs["repository_url"]),
        repository_name=str(outputs["repository_name"]),
        ecr=ecr_client(settings=settings),
        allow_without_docker=settings.local_aws is not None,
        report=report,
        output=output,
    )


def is_published(*, settings: Settings, outputs: Outputs) -> bool:
    """Return whether the repository holds the image of `container/` as it is now.

    Raises:
        ImageError: There is no repository.
    """
    digest = published_digest(
        ecr=ecr_client(settings=settings),
        repository_name=str(outputs["repository_name"]),
        tag=image_tag(folder=CONTAINER),
    )
    return digest is not None
