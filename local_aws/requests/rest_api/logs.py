"""Writes the access log and the execution log of a request.

Source: API Gateway Developer Guide, Set up CloudWatch logging for REST APIs. Nothing is written if
the log group does not exist; the client does not notice.
"""

import hashlib
import time
from collections.abc import Mapping, Sequence
from typing import Any

from moto.logs.models import logs_backends

from local_aws.requests.rest_api.context import Context

_UNKNOWN = "-"
_LEVELS = ("OFF", "ERROR", "INFO")


def write_access_log(settings: Mapping[str, str] | None, context: Context) -> None:
    """Write the request's line in the format of the stage's access log settings."""
    destination = (settings or {}).get("destinationArn", "")
    if ":log-group:" in destination:
        line = context.render((settings or {}).get("format", ""), unknown=_UNKNOWN)
        _, _, _, region, account, _, group, *_ = destination.split(":")
        _write([line.replace("\n", " ")], account=account, region=region, group=group)


def write_execution_log(
    settings: Mapping[str, Any], context: Context, *, region: str, failure: str | None
) -> None:
    """Write the steps of the request that the method's logging level includes."""
    variables = context.variables
    level = _LEVELS.index(settings.get("loggingLevel", "OFF"))
    lines: list[str] = []
    if level >= _LEVELS.index("INFO"):
        method, path = variables["httpMethod"], variables.get("resourcePath", _UNKNOWN)
        lines += [
            f"Extended Request Id: {variables['extendedRequestId']}",
            f"Starting execution for request: {variables['requestId']}",
            f"HTTP Method: {method}, Resource Path: {path}",
        ]
    if failure and level >= _LEVELS.index("ERROR"):
        lines.append(failure)
    if lines:
        lines.append(f"Method completed with status: {variables['status']}")
        _write(
            [f"({variables['requestId']}) {line}" for line in lines],
            account=variables["accountId"],
            region=region,
            group=f"API-Gateway-Execution-Logs_{variables['apiId']}/{variables['stage']}",
        )


def _write(lines: Sequence[str], *, account: str, region: str, group: str) -> None:
    backend = logs_backends[account][region]
    if group in backend.groups:
        stream = hashlib.sha256(group.encode()).hexdigest()[:32]
        backend.ensure_log_stream(group, stream)
        now = int(time.time() * 1000)
        backend.put_log_events(
            group, stream, [{"timestamp": now, "message": line} for line in lines]
        )
