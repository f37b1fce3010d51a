"""The operating system user that PostgreSQL runs as, since it refuses to run as root."""

import os
import pwd
from pathlib import Path
from typing import TypedDict

# The user's environment is left out: its PG* variables would change the server. LC_ALL is set
# because on macOS the server refuses to start when it has to ask the system for the locale.
ENVIRONMENT = {"LC_ALL": "C"}
_NAME = "nobody"


class ProcessUser(TypedDict):
    """The arguments of `subprocess.Popen` that choose the user of a process."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


def process_user() -> ProcessUser:
    """Return the user of PostgreSQL's processes: the current one, or `nobody` instead of root."""
    if os.geteuid() != 0:
        return {"user": None, "group": None, "extra_groups": None}
    account = pwd.getpwnam(_NAME)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def give(path: Path, *, mode: int) -> None:
    """Make PostgreSQL's user the owner of a file or folder, with the permissions `mode`.

    The folder around it must belong to the current user: in a folder of PostgreSQL's user, the path
    could be a symbolic link to any file.
    """
    path.chmod(mode)
    user = process_user()
    if user["user"] is not None and user["group"] is not None:
        os.chown(path, user["user"], user["group"])


def give_secret(path: Path, content: bytes) -> None:
    """Write a file that only PostgreSQL's user may read, atomically.

    As for `give`, the folder around it must belong to the current user.
    """
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(content)
    give(unfinished, mode=0o600)
    unfinished.replace(path)
