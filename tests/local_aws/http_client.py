"""Sends HTTP requests exactly as given, without normalising them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from typing import Any
from urllib.parse import urlsplit

_TIMEOUT_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The response."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401  # the type depends on the test
        """The body, read as JSON."""
        return json.loads(self.body)


def send(
    method: str,
    url: str,
    *,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes | str | None = None,
) -> Answer:
    """Send a request with the given path and headers; only Host and Content-Length are added."""
    given = list(headers)
    address = urlsplit(url)
    content = body.encode() if isinstance(body, str) else body
    connection = HTTPConnection(address.netloc, timeout=_TIMEOUT_SECONDS)
    try:
        path = url.partition(address.netloc)[2]
        has_host = any(name.lower() == "host" for name, _ in given)
        connection.putrequest(method, path, skip_host=has_host, skip_accept_encoding=True)
        for name, value in given:
            connection.putheader(name, value)
        if content is not None:
            connection.putheader("Content-Length", str(len(content)))
        connection.endheaders(content)
        answer = connection.getresponse()
        return Answer(status=answer.status, headers=answer.headers, body=answer.read())
    finally:
        connection.close()
