"""Reads which lines the user wants, from LEVEL, REQUEST, SINCE and FOLLOW."""

import os
import re
from dataclasses import dataclass
from datetime import timedelta

from commands.logs.lines import LEVELS, Level, LogLine
from commands.shared.console import CommandError

DEFAULT_SINCE = "10m"

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_IDENTIFIER = re.compile(r"[\w:=.-]{4,128}", re.ASCII)
"""Request ids of API Gateway and Lambda, trace ids, and correlation ids of clients."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Which lines are shown."""

    level: Level
    """The least severe level."""

    request: str | None
    """An id that a line must contain, or None for all lines."""

    since: timedelta
    """How far back the first line may be."""

    follow: bool
    """Whether new lines are awaited."""

    def admits(self, line: LogLine) -> bool:
        """Return whether a line is severe enough."""
        return LEVELS.index(line.level) >= LEVELS.index(self.level)


def read_options() -> Options:
    """Read the options.

    Raises:
        CommandError: A value is none of those that it may be.
    """
    return Options(
        level=_read_level(os.environ.get("LEVEL") or "info"),
        request=_read_request(os.environ.get("REQUEST") or None),
        since=_read_since(os.environ.get("SINCE") or DEFAULT_SINCE),
        follow=_read_follow(os.environ.get("FOLLOW") or "yes"),
    )


def _read_level(text: str) -> Level:
    for level in LEVELS:
        if text.lower() == level:
            return level
    message = f"LEVEL: there is no level '{text}'; use {', '.join(LEVELS[:-1])} or {LEVELS[-1]}."
    raise CommandError(message)


def _read_request(text: str | None) -> str | None:
    if text is not None and not _IDENTIFIER.fullmatch(text):
        message = (
            f"REQUEST: '{text}' is no id of a request or trace; copy one from a line of the log"
            " or from the answer's header x-amzn-requestid."
        )
        raise CommandError(message)
    return text


def _read_since(text: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,5})([smhd])", text)
    if match is None:
        message = f"SINCE: '{text}' is no duration; write 30s, 10m, 2h or 1d."
        raise CommandError(message)
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _read_follow(text: str) -> bool:
    if text not in {"yes", "no"}:
        message = f"FOLLOW: '{text}' is neither yes nor no."
        raise CommandError(message)
    return text == "yes"
