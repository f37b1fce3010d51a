"""Downloads the pinned release of Terraform and checks it against committed checksums."""

import hashlib
import http.client
import io
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path

from modules.toolchain import SetupError

VERSION = "1.11.4"
RELEASES_URL = "https://releases.hashicorp.com"

SHA256: Mapping[str, str] = {
    "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
    "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
    "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
    "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
}
"""SHA-256 of each platform's archive, as HashiCorp's own Homebrew formula publishes them."""

_STALLED_SECONDS = 30


def release_url(*, releases_url: str, platform: str) -> str:
    """Return the address of the pinned release's archive."""
    return f"{releases_url.rstrip('/')}/terraform/{VERSION}/terraform_{VERSION}_{platform}.zip"


def install_release(
    *,
    target: Path,
    platform: str,
    releases_url: str = RELEASES_URL,
    checksums: Mapping[str, str] = SHA256,
) -> None:
    """Download the pinned release and put its executable in place in one step.

    Args:
        target: The file to make or replace. Its folder must exist.
        platform: Terraform's name of the platform, such as `linux_amd64`.
        releases_url: The server of releases, laid out as releases.hashicorp.com is.
        checksums: SHA-256 of the archive for each platform.

    Raises:
        SetupError: The archive cannot be fetched, or its checksum is wrong.
    """
    url = release_url(releases_url=releases_url, platform=platform)
    archive = _fetch(url=url)
    found = hashlib.sha256(archive).hexdigest()
    if found != checksums[platform]:
        message = (
            f"{url} is not the expected Terraform {VERSION}: its SHA-256 is {found}, expected"
            f" {checksums[platform]}. Nothing was installed; check who serves this address."
        )
        raise SetupError(message)
    part = target.with_name(f"{target.name}.part")
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as content:
            part.write_bytes(content.read("terraform"))
        part.chmod(0o755)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _fetch(*, url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=_STALLED_SECONDS) as response:  # noqa: S310  # the project or the user sets the address, and the checksum is verified
            return bytes(response.read())
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        message = (
            f"Terraform 1.10 or later is not installed, and {url} cannot be fetched ({reason}):"
            " install Terraform, name one in TERRAFORM_BINARY_NAME, or name a mirror of"
            f" {RELEASES_URL} in TERRAFORM_RELEASES_URL."
        )
        raise SetupError(message) from error
