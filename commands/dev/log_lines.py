"""Makes the function's log readable: one short line for each message."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

_HIDDEN = frozenset(
    {
        *("level", "message", "timestamp", "requestId", "function_request_id", "service"),
        *("cold_start", "function_arn", "function_memory_size", "function_name", "sampling_rate"),
        *("xray_trace_id", "errorType", "errorMessage", "stackTrace", "error"),
    }
)
"""Fields that every message has, or that have a place of their own."""

Message = Mapping[str, Any]


def readable(line: str) -> Iterator[str]:
    """Yield a line of the log for people: time, level, message, other fields and request id.

    Lambda's own records are left out unless the invocation failed, and so are metrics. What is no
    JSON stays as it is.
    """
    try:
        message = json.loads(line)
    except ValueError:
        yield from line.splitlines()
        return
    if not isinstance(message, dict) or "level" not in message:
        yield from _platform(message) if isinstance(message, dict) else [line]  # pyright: ignore[reportUnknownArgumentType]
        return
    yield from _message(message)  # pyright: ignore[reportUnknownArgumentType]


def _platform(message: Message) -> Iterator[str]:
    record = message.get("record", {})
    if message.get("type") == "platform.report" and record.get("status") != "success":
        milliseconds = record["metrics"]["durationMs"]
        yield _line(
            time=str(message["time"]),
            level="ERROR",
            text=f"the invocation ended after {milliseconds:.0f} ms: {record['status']}",
            request_id=str(record["requestId"]),
        )


def _message(message: Message) -> Iterator[str]:
    text = message["message"]
    error = message.get("error") or {
        "name": message.get("errorType"),
        "message": message.get("errorMessage"),
        "stack": message.get("stackTrace"),
    }
    if isinstance(text, dict):  # an error that the runtime logged
        error, text = text, "the invocation failed"  # pyright: ignore[reportUnknownVariableType]
    fields = [f"{name}={_value(value)}" for name, value in message.items() if name not in _HIDDEN]
    yield _line(
        time=str(message["timestamp"]),
        level=str(message["level"]),
        text=" ".join([str(text), *fields]),  # pyright: ignore[reportUnknownArgumentType]
        request_id=str(message.get("function_request_id") or message.get("requestId") or "-"),
    )
    yield from _error(error) if isinstance(error, dict) else [f"    {error}"]  # pyright: ignore[reportUnknownArgumentType]


def _error(error: Message) -> Iterator[str]:
    stack = error.get("stack") or error.get("stackTrace")
    if stack:
        lines = stack.splitlines() if isinstance(stack, str) else stack
        yield from (f"    {line}" for line in lines)
    elif text := error.get("message") or error.get("errorMessage"):
        yield f"    {text}"


def _line(*, time: str, level: str, text: str, request_id: str) -> str:
    local = datetime.fromisoformat(time.replace("Z", "+00:00")).astimezone()
    return f"{local:%H:%M:%S} {level:5} {text}  [{request_id}]"


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
