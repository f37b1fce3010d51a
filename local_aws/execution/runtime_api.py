"""The Lambda Runtime API of one execution environment, on its own local port.

Source: Lambda Developer Guide, Using the Lambda runtime API for custom runtimes. The runtime is the
only client and uses one connection, so one thread serves it. Other processes of this machine can
connect too, but do not know the random path that the address contains.
"""

import json
import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from threading import Condition, Thread
from typing import cast

from local_aws.address import HOST

RESPONSE_BYTES = 6_291_556
"""The maximum size of a function's answer: the quota of 6 MiB (Lambda quotas) plus 100 bytes."""

_PREFIX = "/2018-06-01/runtime"


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event, as the runtime gets it."""

    request_id: str
    payload: bytes
    arn: str
    trace_id: str
    deadline_ms: int


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer of the runtime: a payload, and whether it is an error."""

    payload: bytes
    failed: bool


@dataclass(frozen=True, kw_only=True)
class Exited:
    """The runtime ended without an answer; `status` is negative after a signal."""

    status: int


class RuntimeApi:
    """Hands events to a runtime and receives its answers."""

    def __init__(self) -> None:
        self._listener = socket.create_server((HOST, 0))
        self._port = int(self._listener.getsockname()[1])
        secret_path = secrets.token_urlsafe()
        self.address = f"{HOST}:{self._port}/{secret_path}"
        """`host:port/path`, for `AWS_LAMBDA_RUNTIME_API`."""
        self.prefix = f"/{secret_path}{_PREFIX}"
        """The path of the API on this server."""
        self._changed = Condition()
        self._waiting = False  # the runtime, for an event
        self._event: Event | None = None
        self._current: Event | None = None
        self._answer: Answer | None = None
        self._exited: Exited | None = None
        self._closed = False
        Thread(target=self._serve, daemon=True).start()

    def wait_until_ready(self, *, seconds: float | None) -> Answer | Exited | None:
        """Wait until the code is loaded; return the failure, or None if it succeeded.

        Without `seconds`, it may take any time.

        Raises:
            TimeoutError: It takes longer.
        """
        with self._changed:
            self._wait_for_runtime(seconds)
            return None if self._waiting else self._answer or self._exited

    def run(self, event: Event, *, seconds: float | None) -> Answer | Exited:
        """Hand over an event and wait for the answer.

        As in Lambda, an invocation is over when the runtime asks for the next event, or ends.
        Without `seconds`, it may take any time.

        Raises:
            TimeoutError: It takes longer.
        """
        with self._changed:
            self._event, self._answer, self._waiting = event, None, False
            self._changed.notify_all()
            self._wait_for_runtime(seconds)
            return cast("Answer | Exited", self._answer or self._exited)

    def _wait_for_runtime(self, seconds: float | None) -> None:
        if not self._changed.wait_for(lambda: self._waiting or self._exited, timeout=seconds):
            raise TimeoutError

    def exited(self, status: int) -> None:
        """Record that the runtime's process has ended."""
        with self._changed:
            self._exited = Exited(status=status)
            self._changed.notify_all()

    def close(self) -> None:
        """Stop listening; the runtime ends when its connection closes."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._changed.notify_all()
        with socket.socket() as wake:  # accept() does not notice that its socket is closed
            wake.connect_ex((HOST, self._port))

    def next_event(self) -> Event | None:
        """Wait for the next event; return None if there will be none."""
        with self._changed:
            self._waiting = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._event or self._exited or self._closed)
            self._current, self._event = self._event, None
            return self._current

    def answered(self, request_id: str | None, answer: Answer) -> bool:
        """Accept an answer; return False if nobody waits for it.

        Args:
            request_id: The id of the event; None for a failure to load the code.
            answer: The runtime's answer.
        """
        with self._changed:
            expected = self._current.request_id if self._current else None
            if request_id != expected or self._answer is not None:
                return False
            self._answer = answer
            self._changed.notify_all()
            return True

    def _serve(self) -> None:
        with self._listener:
            while not self._closed:
                connection, address = self._listener.accept()
                with connection:
                    _Handler(connection, address, self)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body in one packet

    def __init__(self, connection: socket.socket, address: object, api: RuntimeApi) -> None:
        self._api = api
        with suppress(ConnectionError):  # the process ended during a response
            super().__init__(connection, address, api)  # pyright: ignore[reportArgumentType]  # it stores the server only

    def do_GET(self) -> None:
        known = self.path == f"{self._api.prefix}/invocation/next"
        event = self._api.next_event() if known else None
        if event is None:
            self.close_connection = True
            return
        self._send(
            200,
            event.payload,
            {
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": event.request_id,
                "Lambda-Runtime-Deadline-Ms": str(event.deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": event.arn,
                "Lambda-Runtime-Trace-Id": event.trace_id,
            },
        )

    def do_POST(self) -> None:
        if not self.path.startswith(f"{self._api.prefix}/"):
            self.close_connection = True
            return
        payload = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        *_, request_id, kind = self.path.removeprefix(self._api.prefix).split("/")
        answer = Answer(payload=payload, failed=kind == "error")
        too_large = kind == "response" and len(payload) > RESPONSE_BYTES
        if too_large:
            answer = Answer(payload=_TOO_LARGE, failed=True)
        if not self._api.answered(None if request_id == "init" else request_id, answer):
            self._send_error(400, "InvalidRequestID", "Invalid request ID")
        elif too_large:
            message = f"Exceeded maximum allowed payload size ({RESPONSE_BYTES} bytes)."
            self._send_error(413, "RequestEntityTooLarge", message)
        else:
            self._send(202, b'{"status":"OK"}\n', {"Content-Type": "application/json"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name in the base class
        """Do not log requests."""

    def _send_error(self, status: int, error_type: str, message: str) -> None:
        body = json.dumps({"errorType": error_type, "errorMessage": message}).encode()
        self._send(status, body, {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


_TOO_LARGE = json.dumps(
    {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size"
        f" ({RESPONSE_BYTES} bytes).",
    }
).encode()
