"""Checks each request before anything else reads it.

1. The Host header must name this server, for every request.
2. Requests to deployed APIs, load balancers, distributions and token endpoints then pass: anyone
   may send them, as on AWS.
3. All others are AWS's own API. A foreign web page may not send them.
4. They need the signature of a valid key, except those that need none on AWS either.
"""

import io
from collections.abc import Callable, Iterable

from werkzeug.datastructures import Headers
from werkzeug.wsgi import get_input_stream

from local_aws.access.browsers import is_foreign_page, is_own_host
from local_aws.access.credentials import Credentials
from local_aws.access.keys import find_secret
from local_aws.access.public import is_public
from local_aws.access.refusals import Reason, refuse
from local_aws.access.signatures import SignatureError, read_signature, verify_signature
from local_aws.address import INSTANCE_PATH
from local_aws.requests.messages import Response
from local_aws.wsgi import SIGNED_BY_USER, Environ, StartResponse, WsgiApp

_MOTO_CONTROL = "/moto-api"
"""moto's own interface, which shows and resets everything."""


def guarded(
    app: WsgiApp, *, port: int, user: Credentials, is_deployed: Callable[[Environ], bool]
) -> WsgiApp:
    """Wrap `app` to refuse requests that must not reach it.

    Args:
        app: The application.
        port: The port of the server.
        user: The key of the user of this machine.
        is_deployed: Returns whether a request goes to a deployed resource, not to AWS's API.
    """

    def check(environ: Environ) -> Response | None:
        if not is_own_host(environ, port=port) or not environ["RAW_URI"].startswith("/"):
            return _plain(421, "This server answers to 127.0.0.1 and localhost only.")
        if is_deployed(environ):
            return None
        if is_foreign_page(environ, port=port):
            return _plain(403, "Web pages of other origins may not call the embedded AWS.")
        if environ["PATH_INFO"] == INSTANCE_PATH or is_public(environ):
            return None
        if environ["PATH_INFO"].startswith(_MOTO_CONTROL):
            return _plain(404, "The embedded AWS has no control interface.")
        return _check_signature(environ, user=user)

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = check(environ) or app
        return answer(environ, start_response)

    return application


def _check_signature(environ: Environ, *, user: Credentials) -> Response | None:
    """Return the error response to a request without a valid signature; None if it is valid."""
    try:
        signature = read_signature(environ)
        if signature is None:
            return refuse(environ, Reason.UNSIGNED, service=None)
        secret = find_secret(signature, user=user)
        body = _take_body(environ)
        verify_signature(signature, environ=environ, body=body, secret_access_key=secret)
    except SignatureError as error:
        return refuse(environ, error.reason, service=error.service)
    # moto reads the caller and the service from this header alone, even for presigned URLs.
    environ["HTTP_AUTHORIZATION"] = signature.header
    environ[SIGNED_BY_USER] = signature.access_key_id == user.access_key_id
    return None


def _take_body(environ: Environ) -> bytes:
    """Read the body, and put it back for the application."""
    body = get_input_stream(environ, max_content_length=None).read()
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body


def _plain(status: int, text: str) -> Response:
    headers = Headers({"Content-Type": "text/plain; charset=utf-8"})
    return Response(status=status, headers=headers, body=f"{text}\n".encode())
