"""The user that PostgreSQL runs as: it refuses to run as root."""

import os
import pwd
from pathlib import Path
from typing import TypedDict

# Nothing of the user's: PG* variables would change what is made and how it runs. And on macOS the
# server refuses to start where it has to ask the system for the locale.
ENVIRONMENT = {"LC_ALL": "C"}
_NAME = "nobody"


class ProcessUser(TypedDict):
    """Arguments of `subprocess.Popen` that choose whom the process belongs to."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


def process_user() -> ProcessUser:
    """Return whom PostgreSQL's processes belong to: us, or nobody in particular if we are root."""
    if os.geteuid() != 0:
        return {"user": None, "group": None, "extra_groups": None}
    account = pwd.getpwnam(_NAME)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def give(path: Path, *, mode: int) -> None:
    """Hand a file or folder to that user, closed to others as `mode` says."""
    path.chmod(mode)
    user = process_user()
    if user["user"] is not None and user["group"] is not None:
        os.chown(path, user["user"], user["group"])


def give_secret(path: Path, content: bytes) -> None:
    """Write a file of that user's, which nobody else may read, at once or not at all."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(content)
    give(unfinished, mode=0o600)
    unfinished.replace(path)
