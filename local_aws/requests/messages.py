"""HTTP requests and responses."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.wsgi import get_input_stream

from local_aws.wsgi import Environ, StartResponse

RAW_HEADERS = "local_aws.headers"
"""The WSGI key of the headers as they were sent; WSGI's own lose case and repetition."""

LARGEST_BODY = 10 * 1024 * 1024
"""The largest body that any service accepts, 10 MiB (API Gateway quotas).

At most one byte more is read, to notice larger bodies.
"""


@dataclass(frozen=True, kw_only=True)
class Request:
    """An HTTP request."""

    method: str
    path: str
    """The path as it was sent, still percent-encoded; it begins with a slash."""

    query: str
    """The query string as it was sent, without the question mark."""

    headers: Headers
    """The headers in the order and case in which they were sent."""

    body: bytes
    source_ip: str
    """The client's address."""

    protocol: str
    """The protocol, such as `HTTP/1.1`."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """An HTTP response."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Send the response through WSGI."""
        length = [] if _never_has_body(self.status) else [("Content-Length", str(len(self.body)))]
        others = [
            # WSGI takes header values as strings whose characters stand for bytes.
            (name, value.encode().decode("latin-1"))
            for name, value in self.headers
            if name.lower() != "content-length"
        ]
        start_response(f"{self.status} {_reason(self.status)}", [*others, *length])
        hidden = environ["REQUEST_METHOD"] == "HEAD" or not length
        return [] if hidden else [self.body]


def read_request(environ: Environ, *, path: str) -> Request:
    """Read the WSGI request; `path` is its path within the deployed service."""
    stream = get_input_stream(environ, max_content_length=None)
    return Request(
        method=environ["REQUEST_METHOD"],
        path=path or "/",
        query=environ["RAW_URI"].partition("?")[2],
        headers=Headers(environ[RAW_HEADERS]),
        body=stream.read(LARGEST_BODY + 1),
        source_ip=environ["REMOTE_ADDR"],
        protocol=environ["SERVER_PROTOCOL"],
    )


def json_response(
    status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    """Return a response with a JSON body."""
    return Response(
        status=status,
        headers=Headers({"Content-Type": "application/json"} | dict(headers or {})),
        body=json.dumps(content).encode(),
    )


def multi_values(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the values of each name, in order."""
    collected: dict[str, list[str]] = {}
    for name, value in pairs:
        collected.setdefault(name, []).append(value)
    return collected


def multi_headers(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the values of each header, under the first spelling of its name."""
    spelling: dict[str, str] = {}
    return multi_values((spelling.setdefault(name.lower(), name), value) for name, value in pairs)


def last_values(collected: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the last value of each name, as AWS's services do."""
    return {name: values[-1] for name, values in collected.items()}


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _never_has_body(status: int) -> bool:
    return status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
