"""Builds the event that a function gets for a request.

Source: API Gateway Developer Guide, Lambda proxy integrations in API Gateway: input format 1.0.
"""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from local_aws.requests.media_types import is_binary
from local_aws.requests.messages import Request, last_values, multi_headers, multi_values
from local_aws.requests.rest_api.context import Context
from local_aws.tracing import TRACE_HEADER

_DROPPED = frozenset(
    {
        "connection",
        "content-length",
        "content-md5",
        "expect",
        "host",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "www-authenticate",
        TRACE_HEADER.lower(),
        "x-forwarded-for",
        "x-forwarded-port",
        "x-forwarded-proto",
    }
)
"""Headers that the function does not get, and those that API Gateway sets itself.

Source: API Gateway Developer Guide, Important notes.
"""

_IN_CONTEXT = (
    "accountId",
    "apiId",
    "authorizer",
    "deploymentId",
    "domainName",
    "domainPrefix",
    "extendedRequestId",
    "httpMethod",
    "identity",
    "path",
    "protocol",
    "requestId",
    "requestTime",
    "requestTimeEpoch",
    "resourceId",
    "resourcePath",
    "stage",
)


def proxy_event(
    request: Request,
    *,
    context: Context,
    path_parameters: Mapping[str, str],
    binary_media_types: tuple[str, ...],
) -> dict[str, Any]:
    """Return the event, with the path as it was sent and a decoded query string."""
    variables = context.variables
    headers = multi_headers(_headers(request, context))
    query = multi_values(parse_qsl(request.query, keep_blank_values=True))
    binary = is_binary(request.headers.get("Content-Type", ""), binary_media_types)
    return {
        "resource": variables["resourcePath"],
        "path": request.path,
        "httpMethod": request.method,
        "headers": last_values(headers) or None,
        "multiValueHeaders": headers or None,
        "queryStringParameters": last_values(query) or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(path_parameters) or None,
        "stageVariables": dict(context.stage_variables) or None,
        "requestContext": {name: variables[name] for name in _IN_CONTEXT if name in variables},
        "body": _body(request, binary=binary),
        "isBase64Encoded": binary and bool(request.body),
    }


def _headers(request: Request, context: Context) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in request.headers if name.lower() not in _DROPPED]
    forwarded = [*request.headers.getlist("X-Forwarded-For"), request.source_ip]
    return [
        *kept,
        ("Host", context.variables["domainName"]),
        (TRACE_HEADER, context.trace_id),
        ("X-Forwarded-For", ", ".join(forwarded)),
        ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Proto", "https"),
    ]


def _body(request: Request, *, binary: bool) -> str | None:
    if not request.body:
        return None
    if binary:
        return base64.b64encode(request.body).decode()
    return request.body.decode(errors="replace")
