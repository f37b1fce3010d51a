"""The working folder of a running embedded AWS: whatever it keeps on disk, gone when it stops.

ca.pem          the certificate authority that local servers' clients trust
hosts.json      names of the VPC (local_aws/hosts.py)
cluster-.../    an Aurora cluster's data and log, by its resource id
postgresql/     PostgreSQL's programs
"""

import shutil
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local_aws import processes
from local_aws.hosts import HostRegistry

if TYPE_CHECKING:  # `control` gets by without: it only makes and removes the folder
    from local_aws.database import CertificateAuthority

_REMOVE_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """The working folder of this server."""

    folder: Path
    """Where it is; every user may enter it."""

    authority: "CertificateAuthority"
    """Signs certificates of local servers."""

    hosts: HostRegistry
    """Names of the VPC."""


_opened: list[Workspace] = []


def open_workspace(folder: Path) -> Workspace:
    """Make a folder this server's own; once, before the first request."""
    from local_aws.database import CertificateAuthority

    _opened.append(
        Workspace(
            folder=folder,
            authority=CertificateAuthority(folder=folder),
            hosts=HostRegistry(folder=folder),
        )
    )
    return current()


def current() -> Workspace:
    """Return the working folder of this server."""
    (workspace,) = _opened
    return workspace


def create(*, prefix: str) -> Path:
    """Make a new working folder; every user may enter it, as PostgreSQL never runs as root."""
    folder = Path(tempfile.mkdtemp(prefix=prefix)).resolve()
    folder.chmod(0o755)
    return folder


def remove(folder: Path) -> None:
    """End what still runs from a working folder, and delete it; it may be gone already.

    Raises:
        OSError: the folder cannot be deleted.
    """
    processes.end_leftovers(str(folder))
    deadline = time.monotonic() + _REMOVE_SECONDS
    while folder.exists():
        # The last processes of a killed PostgreSQL may write until they notice.
        shutil.rmtree(folder, ignore_errors=time.monotonic() < deadline)


@contextmanager
def temporary(*, prefix: str = "local-aws-") -> Generator[Path]:
    """Make a working folder and remove it at the end."""
    folder = create(prefix=prefix)
    try:
        yield folder
    finally:
        remove(folder)
