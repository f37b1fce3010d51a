"""Writes the log of an invocation to CloudWatch Logs, as Lambda does.

Source: Lambda Developer Guide, Sending logs to CloudWatch Logs. The time of a log event is the end
of the invocation, not the time when the function wrote the line.
"""

import json
import math
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from moto.logs.models import logs_backends

from local_aws.execution.function_version import FunctionVersion
from local_aws.execution.roles import may

_TAIL_BYTES = 4096
_SYSTEM_LEVELS = ("DEBUG", "INFO", "WARN")


@dataclass(frozen=True, kw_only=True)
class Record:
    """A finished invocation."""

    request_id: str
    started: datetime
    """The time when the runtime got the event."""

    seconds: float
    """The duration of the handler."""

    init_seconds: float | None
    """The duration of loading the code; None after an environment's first invocation."""

    status: str
    """Lambda's status: `success`, `error`, `failure` or `timeout`."""

    lines: list[str]
    """The lines that the function wrote to stdout and stderr."""


def stream_name(version: FunctionVersion) -> str:
    """Return the name of a new execution environment's log stream."""
    return f"{datetime.now(timezone.utc):%Y/%m/%d}/[{version.version}]{uuid.uuid4().hex}"


def write(version: FunctionVersion, record: Record, *, stream: str) -> list[str]:
    """Log an invocation if the function's role may do so; return all its lines."""
    as_json = version.log_format == "JSON"
    before, after = (_json if as_json else _text)(version, record)
    lines = [*before, *record.lines, *after]
    if _open(version, stream):
        start = _milliseconds(record.started)
        end = _milliseconds(datetime.now(timezone.utc))
        times = [start] * len(before) + [end] * (len(lines) - len(before))
        logs_backends[version.account][version.execution_region].put_log_events(
            version.log_group,
            stream,
            [{"timestamp": time, "message": line} for time, line in zip(times, lines, strict=True)],
        )
    return lines


def tail_of(lines: list[str]) -> bytes:
    """Return the end of a log, as Invoke returns it."""
    return "".join(f"{line}\n" for line in lines).encode()[-_TAIL_BYTES:]


def _open(version: FunctionVersion, stream: str) -> bool:
    """Create group and stream if they are missing; return whether the role permits all of it."""
    region = version.execution_region
    owner = f"arn:{version.partition}:logs:{region}:{version.account}"

    def allowed(action: str, stream: str) -> bool:
        resource = f"{owner}:log-group:{version.log_group}:log-stream:{stream}"
        return may(role_arn=version.role, action=action, resource=resource, region=region)

    backend = logs_backends[version.account][region]
    if not allowed("logs:PutLogEvents", stream):
        return False
    if version.log_group not in backend.groups:
        if not allowed("logs:CreateLogGroup", ""):
            return False
        backend.ensure_log_group(version.log_group)
    if stream not in backend.groups[version.log_group].streams:
        if not allowed("logs:CreateLogStream", stream):
            return False
        backend.create_log_stream(version.log_group, stream)
    return True


def _text(version: FunctionVersion, record: Record) -> tuple[list[str], list[str]]:
    request = f"RequestId: {record.request_id}"
    report = [
        f"REPORT {request}",
        f"Duration: {record.seconds * 1000:.2f} ms",
        f"Billed Duration: {_billed(record)} ms",
        f"Memory Size: {version.memory_mib} MB",
    ]
    if record.init_seconds is not None:
        report.append(f"Init Duration: {record.init_seconds * 1000:.2f} ms")
    if record.status != "success":
        report.append(f"Status: {record.status}")
    start = [f"START {request} Version: {version.version}"]
    return start, [f"END {request}", "\t".join(report)]


def _json(version: FunctionVersion, record: Record) -> tuple[list[str], list[str]]:
    metrics: dict[str, float] = {
        "durationMs": round(record.seconds * 1000, 3),
        "billedDurationMs": _billed(record),
        "memorySizeMB": version.memory_mib,
    }
    if record.init_seconds is not None:
        metrics["initDurationMs"] = round(record.init_seconds * 1000, 3)
    identity = {"requestId": record.request_id}
    start = _platform(record.started, "start", identity | {"version": version.version})
    report = _platform(
        datetime.now(timezone.utc),
        "report",
        identity | {"metrics": metrics, "status": record.status},
    )
    report_level = "INFO" if record.status == "success" else "WARN"
    return (
        [start] if _wanted(version, "INFO") else [],
        [report] if _wanted(version, report_level) else [],
    )


def _wanted(version: FunctionVersion, level: str) -> bool:
    lowest = version.system_log_level or "INFO"
    return _SYSTEM_LEVELS.index(level) >= _SYSTEM_LEVELS.index(lowest)


def _platform(time: datetime, kind: str, record: dict[str, Any]) -> str:
    stamp = time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"time": stamp, "type": f"platform.{kind}", "record": record})


def _billed(record: Record) -> int:
    return math.ceil(((record.init_seconds or 0) + record.seconds) * 1000)


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)
