"""Files and folders that belong to the current user alone.

A folder of another user may contain symbolic links that lead a write to any file of the current
user. The embedded AWS therefore writes into its own folders only.
"""

import errno
import os
import stat
import tempfile
from pathlib import Path
from typing import BinaryIO

from local_aws.errors import LocalAwsError

_MODE = 0o700


def own_folder(folder: Path) -> None:
    """Create a folder if it is missing, and let the current user alone enter it.

    Raises:
        LocalAwsError: The folder belongs to another user.
        OSError: The folder cannot be created.
    """
    folder.mkdir(mode=_MODE, parents=True, exist_ok=True)
    if not is_own(folder):
        message = f"{folder} belongs to another user: delete it, or work as that user."
        raise LocalAwsError(message)
    if stat.S_IMODE(folder.stat().st_mode) != _MODE:
        folder.chmod(_MODE)


def is_own(path: Path) -> bool:
    """Return whether a file or folder belongs to the current user."""
    # A symbolic link has an owner of its own.
    return {path.lstat().st_uid, path.stat().st_uid} == {os.geteuid()}


def write_private(file: Path, text: str) -> None:
    """Replace a file in a folder of the current user atomically; no other user may read it."""
    descriptor, unfinished = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    Path(unfinished).replace(file)


def open_private(file: Path, *, append: bool = False) -> BinaryIO:
    """Open a file for writing; no other user may read it.

    Raises:
        LocalAwsError: The file is a symbolic link.
        OSError: The file cannot be opened.
    """
    how = os.O_APPEND if append else os.O_TRUNC
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | how
    try:
        return os.fdopen(os.open(file, flags, 0o600), "wb")
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        message = f"{file} is a symbolic link: delete it."
        raise LocalAwsError(message) from error
