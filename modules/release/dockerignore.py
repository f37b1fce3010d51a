"""What `.dockerignore` keeps out of an image.

Docker's Python client has a matcher too, but it ignores case and leaves out folders that a `!`
pattern with a wildcard lets in, so it would name another image than the one that is built.
"""

import posixpath
import re
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from modules.errors import UserError

DOCKERIGNORE = ".dockerignore"

_UNSUPPORTED = re.compile(r"^$|[\[\]\\]|[^/]\*\*|\*\*[^/]")


class DockerignoreError(UserError):
    """The file cannot be read, or uses what is not supported here; the message is for the user."""


@dataclass(frozen=True, kw_only=True)
class IgnorePattern:
    """A line of the file."""

    path: re.Pattern[str]
    """Matches what the line names, and everything below it."""

    folders: tuple[re.Pattern[str], ...]
    """Match the parts of the path one by one, up to the first `**`."""

    lets_in: bool
    """Whether the line starts with `!`."""

    def may_match_below(self, folder: str) -> bool:
        """Return whether the pattern can match something below a folder."""
        parts = zip(self.folders, folder.split("/"), strict=False)
        return all(pattern.fullmatch(name) for pattern, name in parts)


@dataclass(frozen=True, kw_only=True)
class Dockerignore:
    """The lines of a `.dockerignore`, applied to paths relative to its folder."""

    patterns: tuple[IgnorePattern, ...] = ()

    def ignores(self, path: str) -> bool:
        """Return whether a path stays out: the last pattern that matches decides."""
        return next(
            (
                not pattern.lets_in
                for pattern in reversed(self.patterns)
                if pattern.path.fullmatch(path)
            ),
            False,
        )

    def ignores_all_below(self, folder: str) -> bool:
        """Return whether a folder need not be read, since no pattern lets in anything below it."""
        return self.ignores(folder) and not any(
            pattern.lets_in and pattern.may_match_below(folder) for pattern in self.patterns
        )


def read_dockerignore(*, folder: Path) -> Dockerignore:
    """Read the `.dockerignore` of a folder; a folder without one ignores nothing.

    Docker's rules (https://docs.docker.com/build/concepts/context/#dockerignore-files), less
    character classes, escapes and `**` beside other characters.

    Raises:
        DockerignoreError: The file cannot be read, or a pattern is not supported.
    """
    file = folder / DOCKERIGNORE
    if not file.exists():
        return Dockerignore()
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file} cannot be read: {error}"
        raise DockerignoreError(message) from error
    patterns: list[IgnorePattern] = []
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or line.startswith("#"):
            continue
        path = text.removeprefix("!").strip()
        if _UNSUPPORTED.search(path):
            message = f"{file}, line {number}: '{line}' is not supported; use names, *, ? and /**/"
            raise DockerignoreError(message)
        patterns.append(_build_pattern(path, lets_in=text.startswith("!")))
    return Dockerignore(patterns=tuple(patterns))


def _build_pattern(text: str, *, lets_in: bool) -> IgnorePattern:
    path = posixpath.normpath(text).lstrip("/")
    folders = takewhile(lambda part: part != "**", path.split("/"))
    return IgnorePattern(
        path=re.compile(_translate(path) + "(?:/.*)?", re.DOTALL),
        folders=tuple(re.compile(_translate(part), re.DOTALL) for part in folders),
        lets_in=lets_in,
    )


def _translate(path: str) -> str:
    """Translate a path with wildcards into a regular expression."""

    def translate(part: re.Match[str]) -> str:
        text = part[0]
        if text.startswith("**"):
            return ".*" if part.end() == len(path) else "(?:.*/)?"
        return {"*": "[^/]*", "?": "[^/]"}.get(text) or re.escape(text)

    return re.sub(r"\*\*/?|\*|\?|[^*?]+", translate, path)
