"""The release that runs: the function's version, its image, and the image's commit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands.image.commit import TAG_PREFIX
from commands.shared.aws import ecr_client, lambda_client
from modules.settings import Settings

_ANSWER_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class RunningRelease:
    """What answers the platform's requests."""

    version: str
    """The function's version that the alias leads to."""

    since: datetime
    """When the version was published."""

    image_tag: str
    """The tag by which the image was deployed."""

    image_digest: str
    """The image's digest, `sha256:...`."""

    pushed: datetime | None
    """When the image was pushed; None if the repository no longer holds it."""

    commits: tuple[str, ...]
    """The last commits that changed the image's files: several if they gave the same image, none if
    they are not recorded."""


def read_release(service: Mapping[str, Any], *, settings: Settings) -> RunningRelease:
    """Ask AWS which version runs.

    Args:
        service: The outputs of the service stack.
        settings: The environment.

    Raises:
        ClientError: AWS refuses.
    """
    functions = lambda_client(settings=settings, timeout_seconds=_ANSWER_SECONDS)
    name, alias = service["function_name"], service["function_alias_arn"].rpartition(":")[2]
    version = functions.get_alias(FunctionName=name, Name=alias)["FunctionVersion"]
    function = functions.get_function(FunctionName=name, Qualifier=version)
    repository, _, digest = function["Code"].get("ImageUri", "").partition("@")
    image = _describe_image(
        repository=repository.partition("/")[2], digest=digest, settings=settings
    )
    commits = tuple(
        tag.removeprefix(TAG_PREFIX)
        for tag in image.get("imageTags", [])
        if tag.startswith(TAG_PREFIX)
    )
    return RunningRelease(
        version=version,
        since=datetime.fromisoformat(
            function["Configuration"].get("LastModified", "").replace("+0000", "+00:00")
        ),
        image_tag=service["image_tag"],
        image_digest=digest,
        pushed=image.get("imagePushedAt"),
        commits=commits,
    )


def _describe_image(*, repository: str, digest: str, settings: Settings) -> Mapping[str, Any]:
    ecr = ecr_client(settings=settings)
    try:
        found = ecr.describe_images(repositoryName=repository, imageIds=[{"imageDigest": digest}])
    except (
        ecr.exceptions.ImageNotFoundException,
        ecr.exceptions.RepositoryNotFoundException,
    ):
        return {}
    return found["imageDetails"][0]
