"""The download of the pinned Terraform."""

import hashlib
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from commands.setup.release import RELEASES_URL, SHA256, install_release, release_url
from modules.toolchain import SetupError

PLATFORM = "linux_amd64"


@pytest.fixture
def archive(served_folder: Path) -> Path:
    """Return the archive of a release that holds a script in place of Terraform."""
    path = served_folder / "terraform/1.11.4/terraform_1.11.4_linux_amd64.zip"
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as content:
        content.writestr("LICENSE.txt", "licence")
        content.writestr("terraform", "#!/bin/sh\necho downloaded\n")
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Return where Terraform is installed, in a path with a space."""
    folder = tmp_path / "my project"
    folder.mkdir()
    return folder / "terraform"


def test_a_release_with_the_right_checksum_is_installed(
    archive: Path, target: Path, server_url: str
) -> None:
    checksums = {PLATFORM: hashlib.sha256(archive.read_bytes()).hexdigest()}
    target.symlink_to(os.devnull)  # the link is replaced; its target stays untouched

    install_release(
        target=target, platform=PLATFORM, releases_url=f"{server_url}/", checksums=checksums
    )

    assert not target.is_symlink()
    assert subprocess.check_output([target], text=True) == "downloaded\n"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.usefixtures("archive")
def test_a_release_with_another_checksum_is_refused(target: Path, server_url: str) -> None:
    with pytest.raises(SetupError, match="is not the expected Terraform") as raised:
        install_release(target=target, platform=PLATFORM, releases_url=server_url)

    assert SHA256[PLATFORM] in str(raised.value)
    assert not list(target.parent.iterdir())


def test_a_release_that_cannot_be_fetched_leaves_no_file(
    target: Path, server_url: str, dead_url: str
) -> None:
    for url in (server_url, dead_url, "no address"):
        with pytest.raises(SetupError, match="cannot be fetched") as raised:
            install_release(target=target, platform=PLATFORM, releases_url=url)
        assert "TERRAFORM_RELEASES_URL" in str(raised.value)
        assert "\n" not in str(raised.value)
    assert not list(target.parent.iterdir())


def test_an_incomplete_archive_is_refused(archive: Path, target: Path, server_url: str) -> None:
    checksums = {PLATFORM: hashlib.sha256(archive.read_bytes()).hexdigest()}
    archive.write_bytes(archive.read_bytes()[:-100])

    with pytest.raises(SetupError, match="is not the expected"):
        install_release(
            target=target, platform=PLATFORM, releases_url=server_url, checksums=checksums
        )
    assert not list(target.parent.iterdir())


def test_every_supported_platform_has_an_address_and_a_checksum() -> None:
    addresses = {release_url(releases_url=RELEASES_URL, platform=name) for name in SHA256}

    assert addresses == {
        "https://releases.hashicorp.com/terraform/1.11.4/terraform_1.11.4_linux_amd64.zip",
        "https://releases.hashicorp.com/terraform/1.11.4/terraform_1.11.4_linux_arm64.zip",
        "https://releases.hashicorp.com/terraform/1.11.4/terraform_1.11.4_darwin_amd64.zip",
        "https://releases.hashicorp.com/terraform/1.11.4/terraform_1.11.4_darwin_arm64.zip",
    }
    assert len({int(checksum, 16) for checksum in SHA256.values() if len(checksum) == 64}) == 4
