"""The workspace: the temporary folder of a running embedded AWS, deleted when it stops.

ca.pem          the certificate authority that clients of the database servers trust
hosts.json      host names of the VPC (local_aws/hosts.py)
cluster-.../    data and log of an Aurora cluster, named by its resource id
functions/      the unpacked code of functions
postgresql/     PostgreSQL's programs
processes/      the processes to end (local_aws/processes.py)
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

if TYPE_CHECKING:  # `control` creates and removes the folder without loading this
    from local_aws.database import CertificateAuthority

_REMOVE_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """The workspace of this server."""

    folder: Path
    """The folder, which every user of the machine may enter."""

    authority: "CertificateAuthority"
    """The authority that signs the certificates of database servers."""

    hosts: HostRegistry
    """The host names of the VPC."""


_opened: list[Workspace] = []


def open_workspace(folder: Path) -> Workspace:
    """Make a folder this server's workspace; call it once, before the first request."""
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
    """Return the workspace of this server."""
    (workspace,) = _opened
    return workspace


def create(*, prefix: str) -> Path:
    """Create a workspace folder.

    Every user may enter it, because root starts PostgreSQL as another user.
    """
    folder = Path(tempfile.mkdtemp(prefix=prefix)).resolve()
    folder.chmod(0o755)
    return folder


def remove(folder: Path) -> None:
    """End the processes that a workspace records, and delete its folder if it exists.

    Raises:
        OSError: The folder cannot be deleted.
    """
    processes.end_recorded(folder)
    deadline = time.monotonic() + _REMOVE_SECONDS
    while folder.exists():
        # The last processes of a killed PostgreSQL write files until they notice its end.
        shutil.rmtree(folder, ignore_errors=time.monotonic() < deadline)


@contextmanager
def temporary(*, prefix: str = "local-aws-") -> Generator[Path]:
    """Create a workspace folder, and remove it at the end."""
    folder = create(prefix=prefix)
    try:
        yield folder
    finally:
        remove(folder)
