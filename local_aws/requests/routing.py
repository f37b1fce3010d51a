"""Routes requests to deployed services, and all others to moto."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]  # no __init__.py there, so py.typed does not reach it
    MotoRequestHandler,
)

from local_aws.requests import token_endpoint
from local_aws.requests.distribution import distribution
from local_aws.requests.load_balancer import balancer
from local_aws.requests.messages import (
    RAW_HEADERS,
    Request,
    Response,
    json_response,
    read_request,
)
from local_aws.requests.rest_api import gateway
from local_aws.requests.unsupported import UnsupportedError
from local_aws.wsgi import Environ, StartResponse, WsgiApp

_ROUTES: tuple[tuple[re.Pattern[str], Callable[..., Response]], ...] = (
    (
        re.compile(
            r"/restapis/(?P<api_id>[^/]+)/(?P<stage_name>[^/]+)/_user_request_(?P<path>/.*)?"
        ),
        gateway.answer,
    ),
    (
        re.compile(r"/_local_aws/load-balancers/(?P<name>[^/]+)(?P<path>/.*)?"),
        balancer.answer_by_name,
    ),
    (
        re.compile(r"/_local_aws/distributions/(?P<distribution_id>[^/]+)(?P<path>/.*)?"),
        distribution.answer,
    ),
    (re.compile(r"(?P<path>/oauth2/token)"), token_endpoint.answer),
)


_CLOSE_SECONDS = 2.0
"""How long a client may take to close its connection."""


class RequestHandler(MotoRequestHandler):
    """Keeps the headers as they were sent, and hides the server's software."""

    def finish(self) -> None:
        """Let the client close the connection, as each answer says that it is the last one.

        Go's HTTP client may lose an answer whose connection the server closes at once. AWS's client
        then sends the request again, which EC2 and KMS refuse as a duplicate.
        """
        super().finish()
        if getattr(self, "request_version", "") == "HTTP/1.1":
            with suppress(OSError):
                self.connection.settimeout(_CLOSE_SECONDS)
                while self.connection.recv(65_536):
                    pass

    def make_environ(self) -> dict[str, Any]:
        """Return the WSGI request with its headers as they were sent."""
        return super().make_environ() | {RAW_HEADERS: list(self.headers.items())}

    def send_header(self, keyword: str, value: str) -> None:
        """Send a header, except the one that names Python and its libraries."""
        if value != self.version_string():
            super().send_header(keyword, value)


def is_deployed(environ: Environ) -> bool:
    """Return whether a request goes to a deployed service, not to AWS's API."""
    return _find(environ) is not None


def routed(app: WsgiApp) -> WsgiApp:
    """Wrap `app` to answer the requests that `_ROUTES` names."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        found = _find(environ)
        if found is None:
            return app(environ, start_response)
        answer, names = found
        request: Request = read_request(environ, path=names.pop("path") or "/")
        return _respond(answer, request, names)(environ, start_response)

    return application


def _find(environ: Environ) -> tuple[Callable[..., Response], dict[str, str]] | None:
    """Return the handler of a request with the names in its path, or None without a route."""
    raw_path = environ["RAW_URI"].partition("?")[0]
    for pattern, answer in _ROUTES:
        if found := pattern.fullmatch(raw_path):
            return answer, found.groupdict()
    return None


def _respond(
    answer: Callable[..., Response], request: Request, names: Mapping[str, str]
) -> Response:
    try:
        return answer(request, **names)
    except UnsupportedError as error:
        return json_response(501, {"message": str(error)})
