"""Converts the result of a function to a response.

Source: API Gateway Developer Guide, Lambda proxy integrations in API Gateway: output format.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from typing import Any, cast

from werkzeug.datastructures import Headers

from local_aws.requests.media_types import is_binary
from local_aws.requests.messages import Request, Response
from local_aws.requests.rest_api.context import Context
from local_aws.requests.rest_api.failures import GatewayError
from local_aws.tracing import TRACE_HEADER

_FIELDS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
_STATUSES = range(200, 600)

_REMAPPED = frozenset({"connection", "content-length", "date", "server"})
"""Headers that are renamed, because API Gateway sets them (Developer Guide, Important notes)."""

_DROPPED = frozenset({"transfer-encoding"})


def proxy_response(
    payload: bytes, *, request: Request, context: Context, binary_media_types: tuple[str, ...]
) -> Response:
    """Return the response that a function described.

    Raises:
        GatewayError: The result does not have the documented form.
    """
    output = _output(payload)
    headers = Headers({"Content-Type": "application/json"})
    for name, values in _headers(output).items():
        if name.lower() in _DROPPED:
            continue
        kept = f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name
        headers.setlist(kept, values)
    headers["x-amzn-RequestId"] = context.variables["requestId"]
    headers["x-amz-apigw-id"] = context.variables["extendedRequestId"]
    headers[TRACE_HEADER] = context.trace_id.partition(";")[0]
    accepted = request.headers.get("Accept", "*/*").partition(",")[0]
    decoded = output.get("isBase64Encoded") is True and is_binary(accepted, binary_media_types)
    return Response(status=_status(output), headers=headers, body=_body(output, decoded=decoded))


def _output(payload: bytes) -> dict[str, Any]:
    try:
        output = json.loads(payload)
    except ValueError as error:
        raise _malformed() from error
    if not isinstance(output, dict) or not output.keys() <= _FIELDS:
        raise _malformed()
    return cast("dict[str, Any]", output)


def _status(output: dict[str, Any]) -> int:
    try:
        status = int(output.get("statusCode") or 200)
    except (TypeError, ValueError) as error:
        raise _malformed() from error
    if status not in _STATUSES:
        raise _malformed()
    return status


def _headers(output: dict[str, Any]) -> dict[str, list[str]]:
    """Merge `headers` and `multiValueHeaders`; the latter win if a name is in both."""
    single = _mapping(output, "headers")
    several = _mapping(output, "multiValueHeaders")
    if not all(isinstance(values, list) for values in several.values()):
        raise _malformed()
    merged = {name: [value] for name, value in single.items() if value is not None}
    own = {name.lower() for name in several}
    merged = {name: values for name, values in merged.items() if name.lower() not in own}
    return {name: list(_texts(values)) for name, values in (merged | several).items()}


def _mapping(output: dict[str, Any], name: str) -> dict[str, Any]:
    value: object = output.get(name) or {}
    if not isinstance(value, dict):
        raise _malformed()
    return cast("dict[str, Any]", value)


def _texts(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if not isinstance(value, str | bool) or (isinstance(value, str) and "\n" in value):
            raise _malformed()
        yield str(value).lower() if isinstance(value, bool) else value


def _body(output: dict[str, Any], *, decoded: bool) -> bytes:
    body = output.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise _malformed()
    if not decoded:
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise GatewayError(
            type_="API_CONFIGURATION_ERROR", log=f"The body is not base64: {error}"
        ) from error


def _malformed() -> GatewayError:
    return GatewayError(
        type_="DEFAULT_5XX",
        log="Execution failed due to configuration error: Malformed Lambda proxy response",
    )
