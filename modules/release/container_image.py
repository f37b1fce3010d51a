"""The API's image: which files go into it, and the tag that names their content.

The tag is known before the image is built, and the same on every machine: repository tags are
immutable, so a tag is a version.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modules.errors import UserError
from modules.release.dockerignore import DOCKERIGNORE, Dockerignore, read_dockerignore

DOCKERFILE = "Dockerfile"

_TAG_LENGTH = 20
_OWNER_MAY_EXECUTE = 0o100


class ImageError(UserError):
    """The image cannot be named, built or published; the message is for the user."""


@dataclass(frozen=True, kw_only=True)
class ImageFile:
    """A file of the container folder."""

    path: str
    """Its path relative to the folder, with forward slashes."""

    executable: bool
    """Whether its owner may execute it."""

    content: bytes


def image_tag(*, folder: Path) -> str:
    """Return the name of the content of an image that is built from a folder.

    The Dockerfile, `.dockerignore` and every file that the latter lets in decide it, each by path,
    executable bit and bytes. Nothing else does: not times, owners, other files or the machine.

    Args:
        folder: The build context.

    Returns:
        20 hexadecimal digits, which ECR takes as a tag.

    Raises:
        ImageError: The folder holds no Dockerfile or cannot be read.
        DockerignoreError: `.dockerignore` cannot be read or uses what is not supported.
    """
    if not (folder / DOCKERFILE).is_file():
        message = f"{folder} holds no {DOCKERFILE}: name the folder that the image is built from"
        raise ImageError(message)
    files = {file.path: file for file in image_files(folder=folder)}
    for name in (DOCKERFILE, DOCKERIGNORE):
        if (folder / name).is_file():
            files[name] = _read(folder=folder, path=name)
    digest = hashlib.sha256()
    for path in sorted(files):
        # A path holds no zero byte and the rest has a fixed length, so no two lists look alike.
        digest.update(os.fsencode(path) + b"\0")
        digest.update(b"x" if files[path].executable else b"-")
        digest.update(hashlib.sha256(files[path].content).digest())
    return digest.hexdigest()[:_TAG_LENGTH]


def image_files(*, folder: Path) -> list[ImageFile]:
    """Read the files that `COPY . .` puts into the image, sorted by path.

    Args:
        folder: The build context.

    Raises:
        ImageError: A file is a link or another special file, or something cannot be read.
        DockerignoreError: `.dockerignore` cannot be read or uses what is not supported.
    """
    ignored = read_dockerignore(folder=folder)
    paths = sorted(_paths(folder=folder, ignored=ignored))
    return [_read(folder=folder, path=path) for path in paths]


def _paths(*, folder: Path, ignored: Dockerignore) -> Iterator[str]:
    """Yield all that goes in except folders; links to folders are listed, not followed."""

    def stop(error: OSError) -> None:
        message = f"{error.filename} cannot be read: {error.strerror}"
        raise ImageError(message) from error

    for parent, folders, files in os.walk(folder, onerror=stop):
        inside = Path(parent).relative_to(folder)
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        for name in files + links:
            path = (inside / name).as_posix()
            if not ignored.ignores(path):
                yield path
        # os.walk reads on in what is left of its list, so node_modules is not read.
        folders[:] = [
            name for name in folders if not ignored.ignores_all_below((inside / name).as_posix())
        ]


def _read(*, folder: Path, path: str) -> ImageFile:
    file = folder / path
    if file.is_symlink() or not file.is_file():
        message = (
            f"{file} is no regular file: put the file itself there, or ignore it in {DOCKERIGNORE}"
        )
        raise ImageError(message)
    try:
        executable = bool(file.stat().st_mode & _OWNER_MAY_EXECUTE)
        return ImageFile(path=path, executable=executable, content=file.read_bytes())
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}"
        raise ImageError(message) from error
