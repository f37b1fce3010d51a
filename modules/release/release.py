"""What a release has beside the stacks: image tag, API document and edge function's package."""

from dataclasses import dataclass
from pathlib import Path

from modules.release.api_document import ApiDocument, load_api_document
from modules.release.container_image import image_tag
from modules.release.edge_package import Package, package_function

ROOT = Path(__file__).parents[2]
CONTAINER = ROOT / "container"
API_DOCUMENT = CONTAINER / "openapi.json"
EDGE_FUNCTION = ROOT / "modules" / "edge" / "function"


@dataclass(frozen=True, kw_only=True)
class Release:
    """One version of the code that runs on the platform, named by its content."""

    image_tag: str
    api: ApiDocument
    edge_package: Package


def prepare_release(*, folder: Path) -> Release:
    """Name the image, read the API's document and package the edge function.

    Args:
        folder: Folder for the package; it must exist until the app is synthesised.

    Raises:
        ImageError: The image cannot be named.
        DockerignoreError: `.dockerignore` cannot be read.
        ApiDocumentError: The API's document cannot be read.
        PackageError: The edge function cannot be packaged.
    """
    return Release(
        image_tag=image_tag(folder=CONTAINER),
        api=load_api_document(API_DOCUMENT),
        edge_package=package_function(source=EDGE_FUNCTION, target=folder / "edge-function.zip"),
    )
