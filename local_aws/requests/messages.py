"""HTTP requests and answers, as the client sent them and as it gets them."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.wsgi import get_input_stream

RAW_HEADERS = "local_aws.headers"
"""Where the request handler puts the headers as sent: WSGI's own lose case and repetition."""

LARGEST_BODY = 10 * 1024 * 1024
"""No service behind takes more (API Gateway quotas); more than a byte above it is not read."""

Environ = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request."""

    method: str
    path: str
    """As it was sent, still percent-encoded; begins with a slash."""

    query: str
    """As it was sent, without the question mark."""

    headers: Headers
    """In the order and case they were sent in."""

    body: bytes
    source_ip: str
    """The client's address."""

    protocol: str
    """Such as `HTTP/1.1`."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """An answer."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        """Answer a request of WSGI."""
        length = [] if _never_has_body(self.status) else [("Content-Length", str(len(self.body)))]
        others = [
            # In WSGI a text's characters are the bytes to send.
            (name, value.encode().decode("latin-1"))
            for name, value in self.headers
            if name.lower() != "content-length"
        ]
        start_response(f"{self.status} {_reason(self.status)}", [*others, *length])
        hidden = environ["REQUEST_METHOD"] == "HEAD" or not length
        return [] if hidden else [self.body]


def read_request(environ: Environ, *, path: str) -> Request:
    """Read the request of WSGI, which is about `path` of the service behind."""
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
    """Return an answer in JSON."""
    return Response(
        status=status,
        headers=Headers({"Content-Type": "application/json"} | dict(headers or {})),
        body=json.dumps(content).encode(),
    )


def multi_values(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Collect the values of repeated names."""
    collected: dict[str, list[str]] = {}
    for name, value in pairs:
        collected.setdefault(name, []).append(value)
    return collected


def multi_headers(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Collect the values of repeated headers, under the spelling that came first."""
    spelling: dict[str, str] = {}
    return multi_values((spelling.setdefault(name.lower(), name), value) for name, value in pairs)


def last_values(collected: Mapping[str, list[str]]) -> dict[str, str]:
    """Return one value a name: the last, as AWS's services do."""
    return {name: values[-1] for name, values in collected.items()}


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _never_has_body(status: int) -> bool:
    return status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
