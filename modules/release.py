"""What is released beside the stacks: the image's tag and the edge function's package."""

from dataclasses import dataclass
from pathlib import Path

from modules.container_image import image_tag
from modules.edge.package import Package, package_function

ROOT = Path(__file__).parents[1]
CONTAINER = ROOT / "container"
EDGE_FUNCTION = ROOT / "modules" / "edge" / "function"


@dataclass(frozen=True, kw_only=True)
class Release:
    """One version of the code that runs on the platform, named by its content."""

    image_tag: str
    edge_package: Package


def prepare_release(*, folder: Path) -> Release:
    """Names the image and packages the edge function.

    Args:
        folder: where the package is written; it must last until the app is synthesised.

    Raises:
        ImageError: the container cannot be named.
        PackageError: the edge function cannot be packaged.
    """
    return Release(
        image_tag=image_tag(folder=CONTAINER),
        edge_package=package_function(source=EDGE_FUNCTION, target=folder / "edge-function.zip"),
    )
