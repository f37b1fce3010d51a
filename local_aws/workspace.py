"""The working folder of a running embedded AWS: whatever it needs on disk, gone when it stops."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


def create(*, prefix: str) -> Path:
    """Make a new working folder; every user may enter it, as PostgreSQL never runs as root."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o755)
    return folder


@contextmanager
def temporary(*, prefix: str = "local-aws-") -> Generator[Path]:
    """Make a working folder and remove it at the end."""
    folder = create(prefix=prefix)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
