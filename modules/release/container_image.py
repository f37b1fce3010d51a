"""The API's image: which files go into it, and the tag that names their content.

The tag is known before the image is built, and the same on every machine: repository tags are
immutable, so a tag is a version.
"""

import hashlib
import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modules.errors import UserError

DOCKERFILE = "Dockerfile"
DOCKERIGNORE = ".dockerignore"

_UNSUPPORTED = re.compile(r"^$|[\[\]\\]|[^/]\*\*|\*\*[^/]")
_TAG_LENGTH = 20
_OWNER_MAY_EXECUTE = 0o100


class ImageError(UserError):
    """The image cannot be named, built or published; the message is for the user."""


@dataclass(frozen=True, kw_only=True)
class ImageFile:
    """A file of the container folder."""

    path: str
    """Relative to the folder, with forward slashes."""

    executable: bool
    """Whether its owner may execute it."""

    content: bytes
    """Its bytes."""


def image_tag(*, folder: Path) -> str:
    """Names the content of an image that is built from a folder.

    The Dockerfile, `.dockerignore` and every file that the latter lets in decide it, each by path,
    executable bit and bytes. Nothing else does: not times, owners, other files or the machine.

    Args:
        folder: The build context.

    Returns:
        20 hexadecimal digits, within what ECR takes as a tag.

    Raises:
        ImageError: The folder holds no Dockerfile or cannot be read.
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
        ImageError: `.dockerignore` uses what is not supported here, a file is a link or another
            special file, or something cannot be read.
    """
    rules = _rules(folder=folder)
    paths = sorted(path for path in _paths(folder=folder) if not _is_ignored(path, rules))
    return [_read(folder=folder, path=path) for path in paths]


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """A line of `.dockerignore`."""

    pattern: re.Pattern[str]
    lets_in: bool


def _rules(*, folder: Path) -> list[_Rule]:
    """Read `.dockerignore`; none ignores nothing.

    Docker's rules (https://docs.docker.com/build/concepts/context/#dockerignore-files), less
    character classes, escapes and `**` beside other characters.
    """
    file = folder / DOCKERIGNORE
    if not file.exists():
        return []
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file} cannot be read: {error}"
        raise ImageError(message) from error
    rules: list[_Rule] = []
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or line.startswith("#"):
            continue
        lets_in = text.startswith("!")
        text = text.removeprefix("!").strip()
        if _UNSUPPORTED.search(text):
            message = f"{file}, line {number}: '{line}' is not supported; use names, *, ? and /**/"
            raise ImageError(message)
        path = posixpath.normpath(text).lstrip("/")
        rules.append(_Rule(pattern=_pattern(path), lets_in=lets_in))
    return rules


def _pattern(path: str) -> re.Pattern[str]:
    """Translate a path with wildcards; it also matches everything below what it names."""

    def translate(part: re.Match[str]) -> str:
        text = part[0]
        if text.startswith("**"):
            return ".*" if part.end() == len(path) else "(?:.*/)?"
        return {"*": "[^/]*", "?": "[^/]"}.get(text) or re.escape(text)

    return re.compile(re.sub(r"\*\*/?|\*|\?|[^*?]+", translate, path) + "(?:/.*)?", re.DOTALL)


def _is_ignored(path: str, rules: list[_Rule]) -> bool:
    """Return whether a file stays out: the last rule that matches decides."""
    return next(
        (not rule.lets_in for rule in reversed(rules) if rule.pattern.fullmatch(path)), False
    )


def _paths(*, folder: Path) -> Iterator[str]:
    """List all that is no folder, links to folders included; follow no link."""

    def stop(error: OSError) -> None:
        message = f"{error.filename} cannot be read: {error.strerror}"
        raise ImageError(message) from error

    for parent, folders, files in os.walk(folder, onerror=stop):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        for name in files + links:
            yield (Path(parent) / name).relative_to(folder).as_posix()


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
