"""Converts the result of a function to a load balancer's response.

Source: Application Load Balancers User Guide, Use Lambda functions as targets: respond.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any, cast

from werkzeug.datastructures import Headers

from local_aws.requests.load_balancer.failures import BalancerError
from local_aws.requests.messages import Response

_LARGEST = 1024 * 1024
_STATUSES = range(200, 600)
_OWN = frozenset(
    {
        "connection",
        "content-length",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers of a connection, which the load balancer sets itself."""


def balancer_response(payload: bytes, *, multi_value: bool) -> Response:
    """Return the response that a function described.

    Raises:
        BalancerError: The result does not have the documented form, or is too large.
    """
    if len(payload) > _LARGEST:
        raise _malformed(what="is larger than 1 MB")
    try:
        output: object = json.loads(payload)
    except ValueError as error:
        raise _malformed(what="is not JSON") from error
    if not isinstance(output, dict):
        raise _malformed(what="is not an object")
    described = cast("dict[str, Any]", output)
    kept = [
        (name, value)
        for name, value in _headers(described, multi_value=multi_value)
        if name.lower() not in _OWN
    ]
    try:
        headers = Headers(kept)
    except ValueError as error:
        raise _malformed(what="has headers of several lines") from error
    return Response(status=_status(described), headers=headers, body=_body(described))


def _status(output: dict[str, Any]) -> int:
    try:
        status = int(output["statusCode"])
    except (KeyError, TypeError, ValueError) as error:
        raise _malformed(what="has no status code") from error
    if status not in _STATUSES:
        raise _malformed(what=f"has the status code {status}")
    return status


def _headers(output: dict[str, Any], *, multi_value: bool) -> Iterator[tuple[str, str]]:
    """Yield the headers of the field that the target group's setting selects."""
    name = "multiValueHeaders" if multi_value else "headers"
    headers: object = output.get(name) or {}
    if not isinstance(headers, dict):
        raise _malformed(what=f"has {name} that are not an object")
    for header, value in cast("dict[str, Any]", headers).items():
        if isinstance(value, list) is not multi_value:
            raise _malformed(what=f"has {name} with values of another type")
        values: list[Any] = value if multi_value else [value]
        for each in values:
            yield header, str(each)


def _body(output: dict[str, Any]) -> bytes:
    body = output.get("body") or ""
    if not isinstance(body, str):
        raise _malformed(what="has a body that is not text")
    if output.get("isBase64Encoded") is not True:
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise _malformed(what="has a body that is not base64") from error


def _malformed(*, what: str) -> BalancerError:
    return BalancerError(status=502, reason=f"The function's answer {what}")
