"""Publishes an image once, with Docker or without."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from commands.image.commit import TAG_PREFIX, commit_of
from commands.image.docker import build_and_push, docker_problem
from commands.image.plain_image import make_plain_image
from commands.image.upload import upload_image
from modules.release.container_image import ImageError

if TYPE_CHECKING:
    from mypy_boto3_ecr import ECRClient


@dataclass(frozen=True, kw_only=True)
class Published:
    """An image that is in the repository."""

    uri: str
    """Its address, as `repository:tag`."""

    digest: str
    """The digest of its manifest, `sha256:...`."""

    pushed: bool
    """Whether this call pushed it."""


def publish_image(
    *,
    folder: Path,
    tag: str,
    repository_url: str,
    repository_name: str,
    ecr: "ECRClient",
    allow_without_docker: bool,
    report: Callable[[str], None],
    output: Callable[[str], None],
) -> Published:
    """Publish the image of a folder, unless the repository holds its tag already.

    Args:
        folder: The build context.
        tag: The tag that `image_tag` gives the folder.
        repository_url: Registry and repository, for example
            `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-api`.
        repository_name: The repository alone, for example `shop-api`.
        ecr: A client of the registry.
        allow_without_docker: Whether an image of the application's files alone will do, as for
            the embedded AWS, which runs the files on its own Node.js.
        report: Called with a line about each step.
        output: Called with each line that Docker prints.

    Raises:
        ImageError: The image cannot be built or published.
    """
    uri = f"{repository_url}:{tag}"
    try:
        digest = published_digest(ecr=ecr, repository_name=repository_name, tag=tag)
        if digest is not None:
            _record_commit(folder=folder, digest=digest, repository_name=repository_name, ecr=ecr)
            return Published(uri=uri, digest=digest, pushed=False)
        registry = repository_url.partition("/")[0]
        problem = _reason_against_docker(registry=registry, embedded=allow_without_docker)
        if problem is None:
            report(f"building {uri} with Docker and pushing it")
            build_and_push(folder=folder, uri=uri, registry=registry, ecr=ecr, output=output)
        elif allow_without_docker:
            report(f"publishing {uri} through the ECR API: {problem}")
            image = make_plain_image(folder=folder)
            upload_image(image=image, tag=tag, repository_name=repository_name, ecr=ecr)
        else:
            message = f"the image is not published: {problem}"
            raise ImageError(message)
        digest = published_digest(ecr=ecr, repository_name=repository_name, tag=tag)
        if digest is not None:
            _record_commit(folder=folder, digest=digest, repository_name=repository_name, ecr=ecr)
    except (BotoCoreError, ClientError) as error:
        message = f"{uri} is not published: {error}"
        raise ImageError(message) from error
    if digest is None:
        message = f"{uri} was pushed, but its repository does not list it: try again"
        raise ImageError(message)
    return Published(uri=uri, digest=digest, pushed=True)


def published_digest(*, ecr: "ECRClient", repository_name: str, tag: str) -> str | None:
    """Return the digest of the image with a tag, or None before it is published.

    Raises:
        ImageError: There is no such repository.
    """
    try:
        images = ecr.describe_images(repositoryName=repository_name, imageIds=[{"imageTag": tag}])
    except ecr.exceptions.ImageNotFoundException:
        return None
    except ecr.exceptions.RepositoryNotFoundException as error:
        message = f"there is no repository {repository_name}: deploy the foundation stack first"
        raise ImageError(message) from error
    return images["imageDetails"][0].get("imageDigest")


def _record_commit(*, folder: Path, digest: str, repository_name: str, ecr: "ECRClient") -> None:
    """Tag an image with the commit of its folder, unless the repository knows the commit."""
    commit = commit_of(folder=folder)
    if commit is None:
        return
    tag = f"{TAG_PREFIX}{commit}"
    if published_digest(ecr=ecr, repository_name=repository_name, tag=tag) is not None:
        return
    (image,) = ecr.batch_get_image(
        repositoryName=repository_name, imageIds=[{"imageDigest": digest}]
    )["images"]
    ecr.put_image(
        repositoryName=repository_name,
        imageTag=tag,
        imageManifest=image.get("imageManifest", ""),
        imageManifestMediaType=image.get("imageManifestMediaType", ""),
        imageDigest=digest,
    )


def _reason_against_docker(*, registry: str, embedded: bool) -> str | None:
    """Return why Docker cannot be used here; None means that it can."""
    if embedded and ".amazonaws.com" in registry:
        # Emulators hand out AWS's own registry addresses: Docker would push to the real AWS.
        return f"Docker cannot reach an embedded AWS at {registry}"
    return docker_problem()
