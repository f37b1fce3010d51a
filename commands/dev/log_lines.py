"""Makes the function's log readable: one short line for each message."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

Message = Mapping[str, Any]
"""A message in JSON, by Lambda, its runtime or Powertools."""

_NEEDED = {"level", "message", "timestamp"}
_PLATFORM = {"time", "type", "record"}
_ERROR = {"error", "errorType", "errorMessage", "stackTrace"}
_SAME_IN_EVERY_MESSAGE = {
    *("cold_start", "function_arn", "function_memory_size", "function_name", "service"),
    *("function_request_id", "requestId", "sampling_rate", "xray_trace_id"),
}
_HIDDEN = _NEEDED | _ERROR | _SAME_IN_EVERY_MESSAGE
"""Fields that have a place of their own, or that say nothing new."""


def readable(line: str) -> Iterator[str]:
    """Yield a line of the log for people: time, level, message, other fields and request id.

    Lambda's own records are left out unless the invocation failed, and so are metrics. What has
    another form stays as it is.
    """
    try:
        parsed = json.loads(line)
    except ValueError:
        parsed = None
    message = cast("Message", parsed if isinstance(parsed, dict) else {})
    if message.keys() >= _NEEDED:
        yield from _message(message)
    elif message.keys() >= _PLATFORM:
        yield from _platform(message)
    elif "_aws" not in message:  # the mark of metrics (CloudWatch, Embedded Metric Format)
        yield from line.splitlines()


def _platform(message: Message) -> Iterator[str]:
    record: Message = message["record"]
    if message["type"] == "platform.report" and record["status"] != "success":
        yield _line(
            time=message["time"],
            level="ERROR",
            text=f"ended after {record['metrics']['durationMs']:.0f} ms: {record['status']}",
            request_id=record["requestId"],
        )


def _message(message: Message) -> Iterator[str]:
    text, error = message["message"], message.get("error", message)
    if isinstance(text, dict):  # an error that the runtime logged
        text, error = "the invocation failed", cast("Message", text)
    fields = [f"{name}={_value(value)}" for name, value in message.items() if name not in _HIDDEN]
    yield _line(
        time=message["timestamp"],
        level=message["level"],
        text=" ".join([str(text), *fields]),
        request_id=message.get("function_request_id") or message.get("requestId") or "-",
    )
    yield from (f"    {line}" for line in _stack(error))


def _stack(error: object) -> list[str]:
    """Return the lines of an error's stack, in the form of Powertools or of the runtime."""
    if not isinstance(error, dict):
        return [str(error)]
    known = cast("Message", error)
    stack = known.get("stack") or known.get("stackTrace") or known.get("errorMessage") or ""
    return stack.splitlines() if isinstance(stack, str) else [str(line) for line in stack]


def _line(*, time: object, level: object, text: str, request_id: object) -> str:
    return f"{_clock(str(time))} {level!s:5} {text}  [{request_id}]"


def _clock(time: str) -> str:
    """Return the local time of day; the text itself if it is no time."""
    try:
        moment = datetime.fromisoformat(time.replace("Z", "+00:00"))
    except ValueError:
        return time
    return f"{moment.astimezone():%H:%M:%S}"


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
