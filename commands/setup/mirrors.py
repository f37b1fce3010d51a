"""Finds a filesystem mirror of the AWS provider by its layout.

See https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path

PROVIDER = "registry.terraform.io/hashicorp/aws"
VERSION = "5.100.0"

_ADD_ON_FOLDERS = (
    "/opt",
    "/srv",
    "/usr/local",
    "/usr/local/lib",
    "/usr/local/share",
    "/usr/lib",
    "/usr/share",
    "/var/lib",
)


class Copy(Enum):
    """The form in which a mirror holds the provider."""

    PACKED = "packed"
    UNPACKED = "unpacked"


def provider_copy(*, mirror: Path, platform: str) -> Copy | None:
    """Return the form in which a mirror holds the pinned provider, or None if it does not.

    Args:
        mirror: The folder that holds `registry.terraform.io`.
        platform: Terraform's name of the platform, such as `linux_amd64`.
    """
    provider = mirror / PROVIDER
    if (provider / f"terraform-provider-aws_{VERSION}_{platform}.zip").is_file():
        return Copy.PACKED
    unpacked = provider / VERSION / platform
    if any(file.is_file() for file in unpacked.glob(f"terraform-provider-aws_v{VERSION}*")):
        return Copy.UNPACKED
    return None


def implied_mirrors(*, environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders where Terraform itself looks for a mirror.

    See https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories.
    """
    home = Path(environment.get("HOME") or Path.home())
    yield home / ".terraform.d/plugins"
    yield home / "Library/Application Support/io.terraform/plugins"
    yield Path("/Library/Application Support/io.terraform/plugins")
    data_home = environment.get("XDG_DATA_HOME") or home / ".local/share"
    data_folders = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    for data in (data_home, *data_folders.split(":")):
        yield Path(data) / "terraform/plugins"


def add_on_mirrors(
    *, folders: Iterable[Path] = tuple(map(Path, _ADD_ON_FOLDERS))
) -> Iterator[Path]:
    """Yield folders laid out as a mirror, from the usual folders for add-on software.

    Args:
        folders: The folders to search, two levels deep.
    """
    for folder in folders:
        for depth in ("", "*/", "*/*/"):
            for provider in sorted(folder.glob(depth + PROVIDER)):
                yield provider.parents[2]
