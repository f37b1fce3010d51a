"""The HTTP interface of developers' sessions, for the user of this machine alone.

`POST DEVELOPMENT_PATH` opens a session and answers with its events, one JSON object a line, until
the session ends. The session ends when the client closes the connection, which the system does for
a client that dies. `PUT DEVELOPMENT_PATH/ID` serves the code in a folder, and `DELETE` ends the
session at once.
"""

import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from local_aws.address import DEVELOPMENT_PATH
from local_aws.execution.development import Session, find_session
from local_aws.execution.invocation import InvokeError
from local_aws.wsgi import SIGNED_BY_USER, Environ, StartResponse, WsgiApp

_POLL_SECONDS = 0.2
_JSON = [("Content-Type", "application/json")]
_LINES = [("Content-Type", "application/x-ndjson"), ("Cache-Control", "no-store")]


def developed(app: WsgiApp) -> WsgiApp:
    """Wrap `app` to answer requests of developers' sessions."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if path != DEVELOPMENT_PATH and not path.startswith(f"{DEVELOPMENT_PATH}/"):
            return app(environ, start_response)
        # A role's signature is not enough: the code of a session runs as the user.
        if not environ.get(SIGNED_BY_USER):
            return _answer(
                start_response, "403 Forbidden", message="Only the user's key may do so."
            )
        try:
            return _dispatch(environ, start_response, path.removeprefix(DEVELOPMENT_PATH)[1:])
        except InvokeError as error:
            return _answer(start_response, f"{error.status} {error.code}", message=error.message)
        except (KeyError, TypeError, ValueError) as error:
            return _answer(start_response, "400 Bad Request", message=f"Malformed request: {error}")

    return application


def _dispatch(environ: Environ, start_response: StartResponse, session_id: str) -> Iterable[bytes]:
    method: str = environ["REQUEST_METHOD"]
    body: dict[str, Any] = json.loads(environ["wsgi.input"].read() or b"{}")
    if method == "POST" and not session_id:
        session = Session(alias_arn=str(body["alias_arn"]), inspected=body["inspected"] is True)
        start_response("200 OK", _LINES)
        return _Events(session, connection=environ["werkzeug.socket"])
    session = find_session(session_id)
    if session is None:
        return _answer(start_response, "404 Not Found", message="There is no such session.")
    if method == "PUT":
        failure = session.load(Path(str(body["folder"])))
        return _answer(start_response, "200 OK", loaded=failure is None, lines=failure or [])
    if method == "DELETE":
        session.end()
        return _answer(start_response, "200 OK")
    return _answer(start_response, "405 Method Not Allowed", message=f"{method} is not allowed.")


def _answer(start_response: StartResponse, status: str, **content: object) -> Iterable[bytes]:
    start_response(status, _JSON)
    return [json.dumps(content).encode()]


class _Events:
    """The body of the answer that a session lives with; the server closes it at the end."""

    def __init__(self, session: Session, *, connection: socket.socket) -> None:
        self._session = session
        self._connection = connection

    def __iter__(self) -> Iterator[bytes]:
        yield _line({"event": "opened", "session": self._session.id})
        while not _is_closed(self._connection):
            event = self._session.next_event(seconds=_POLL_SECONDS)
            if event is not None:
                yield _line(event)
            elif not self._session.is_open:
                return

    def close(self) -> None:
        """End the session."""
        self._session.end()


def _line(content: object) -> bytes:
    return json.dumps(content).encode() + b"\n"


def _is_closed(connection: socket.socket) -> bool:
    """Return whether the client has closed its connection; it sends nothing more."""
    with suppress(BlockingIOError):
        try:
            return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except ConnectionError:
            return True
    return False
