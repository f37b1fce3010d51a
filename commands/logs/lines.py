"""Turns events of the log groups into readable lines."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal, cast, get_args

Level = Literal["debug", "info", "warn", "error"]
Source = Literal["function", "api", "database"]

LEVELS: tuple[Level, ...] = get_args(Level)
"""Levels from the least to the most severe."""

_WIDEST_SOURCE = max(len(source) for source in get_args(Source))

_FUNCTION_LEVELS: dict[str, Level] = {
    "TRACE": "debug",
    "DEBUG": "debug",
    "WARN": "warn",
    "ERROR": "error",
    "CRITICAL": "error",
    "FATAL": "error",
}
_DATABASE_LEVELS: dict[str, Level] = {
    "DEBUG": "debug",
    "WARNING": "warn",
    "ERROR": "error",
    "FATAL": "error",
    "PANIC": "error",
}
_SAME_IN_EVERY_LINE = {
    "cold_start",
    "correlationId",
    "function_arn",
    "function_memory_size",
    "function_name",
    "function_request_id",
    "level",
    "message",
    "sampling_rate",
    "service",
    "timestamp",
    "xray_trace_id",
}
"""Attributes of the function's lines that the readable line leaves out or shows elsewhere."""

_DATABASE_LINE = re.compile(
    r":\s?(DEBUG|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|STATEMENT|CONTEXT)\d?:\s+"
)
_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_NO_VALUE = "-"


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """A line of a log."""

    time: datetime
    source: Source
    level: Level
    message: str
    request: str
    """The id of its request; empty if the line belongs to none."""

    def __str__(self) -> str:
        """Return the line on one line, without control characters of the terminal."""
        time = self.time.astimezone(timezone.utc).isoformat(timespec="milliseconds")
        parts = (
            time.replace("+00:00", "Z"),
            self.source.ljust(_WIDEST_SOURCE),
            self.level.upper().ljust(5),
            self.message,
            f"[{self.request}]" if self.request else "",
        )
        text = "  ".join(filter(None, parts))
        return " ".join("".join(c if c.isprintable() else " " for c in text).split(" ")).rstrip()


@dataclass(frozen=True, kw_only=True)
class _Content:
    level: Level
    message: str
    request: str = ""


def read_line(message: str, *, source: Source, time: datetime) -> LogLine:
    """Return the readable line of a log event."""
    content = _READERS[source](message)
    return LogLine(
        time=time,
        source=source,
        level=content.level,
        message=content.message,
        request=content.request,
    )


def _read_function(text: str) -> _Content:
    fields = _read_json(text)
    if fields is None:
        return _Content(level="info", message=text)
    if "_aws" in fields:  # metrics in the embedded metric format
        return _Content(level="debug", message=text)
    if str(fields.get("type", "")).startswith("platform."):
        return _read_platform(str(fields["type"]), fields.get("record"))
    details = (
        f"{name}={_shorten(value)}"
        for name, value in fields.items()
        if name not in _SAME_IN_EVERY_LINE
    )
    return _Content(
        level=_FUNCTION_LEVELS.get(str(fields.get("level")), "info"),
        message=" ".join((str(fields.get("message", "")), *details)),
        request=str(fields.get("correlationId") or fields.get("function_request_id") or ""),
    )


def _read_platform(kind: str, record: object) -> _Content:
    """Read a line of Lambda itself; only those of failed invocations are more than details."""
    fields = cast("dict[str, Any]", record) if isinstance(record, dict) else {}
    status = fields.get("status", "")
    return _Content(
        level="debug" if status in {"", "success"} else "error",
        message=" ".join(filter(None, (kind, status, fields.get("errorType")))),
        request=str(fields.get("requestId", "")),
    )


def _read_access(text: str) -> _Content:
    fields = _read_json(text)
    if fields is None:
        return _Content(level="info", message=text)
    status = str(fields.get("status", _NO_VALUE))
    number = int(status) if status.isdecimal() else 0
    message = (
        f"{fields.get('httpMethod')} {fields.get('path')} {status}"
        f" {fields.get('responseLatency')} ms"
    )
    if fields.get("integrationError", _NO_VALUE) != _NO_VALUE:
        message += f" {fields['integrationError']}"
    return _Content(
        level="error" if number >= _SERVER_ERROR else "warn" if number >= _CLIENT_ERROR else "info",
        message=message,
        request=str(fields.get("requestId", "")),
    )


def _read_database(text: str) -> _Content:
    match = _DATABASE_LINE.search(text)
    if match is None:
        return _Content(level="info", message=text)
    return _Content(
        level=_DATABASE_LEVELS.get(match[1], "info"),
        message=text[match.start(1) :],
    )


_READERS: dict[Source, Callable[[str], _Content]] = {
    "function": _read_function,
    "api": _read_access,
    "database": _read_database,
}


def _read_json(text: str) -> Mapping[str, Any] | None:
    try:
        value: object = json.loads(text)
    except ValueError:
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _shorten(value: object) -> str:
    """Return an attribute on one line; of an error its name and message, without the stack."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        if "message" in fields:
            return f"{fields.get('name', 'Error')}: {fields['message']}"
        return json.dumps(fields)
    return str(value)
