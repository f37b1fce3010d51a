"""A proxy in front of the embedded AWS that loses answers, as a network or a crash does.

The server answers at its own port only, and a signature names the port. So the proxy signs each
request again.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread, Timer
from urllib.parse import parse_qs

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local_aws import control
from local_aws.access.credentials import read_credentials
from tests.ports import free_port

CREATIONS = (
    "Allocate", "Associate", "Attach", "Authorize", "Create", "POST", "PUT", "Put", "Register",
)  # fmt: skip
"""The beginnings of operations that may create something."""

QUIET_SECONDS = 1.0
"""How long no answer is lost before a wave ends, in seconds."""


@dataclass(kw_only=True)
class LosingProxy:
    """Passes requests on, and loses the answer to the next success of some operations."""

    server: control.Server
    port: int = field(default_factory=free_port)
    lost: list[str] = field(default_factory=list[str])
    """The operations whose answer was lost: `CreateVpc`, or `POST /path`."""

    wanted: set[str] = field(default_factory=set[str])
    """The operations whose next answer is lost though nobody is killed."""

    _kill: Callable[[], None] | None = None
    _lock: Lock = field(default_factory=Lock)
    _timer: Timer | None = None
    _killed: Event = field(default_factory=Event)

    @contextmanager
    def killing(self, kill: Callable[[], None]) -> Generator[None]:
        """Lose the first answer to every operation that creates something, and kill the client.

        Args:
            kill: Kills the client. A wave of such operations ends with it; their answers are kept
                back until then.
        """
        self._kill = kill
        try:
            yield
        finally:
            self._kill = None

    def loses(self, operation: str) -> bool:
        """Return whether the answer to an operation is lost, which happens once."""
        with self._lock:
            chosen = operation.startswith(CREATIONS) if self._kill else operation in self.wanted
            if not chosen or operation in self.lost:
                return False
            self.lost.append(operation)
            if self._kill is None:
                return True
            if self._timer:
                self._timer.cancel()
            self._timer = Timer(QUIET_SECONDS, self._end_wave)
            self._timer.start()
            killed = self._killed
        return killed.wait()

    def _end_wave(self) -> None:
        with self._lock:
            if self._kill:
                self._kill()
            self._killed.set()
            self._killed = Event()

    @contextmanager
    def running(self) -> Generator[None]:
        """Serve while the block runs."""
        server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _handler(proxy: LosingProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            connection = HTTPConnection(proxy.server.url.removeprefix("http://"))
            headers = _signed_again(self, body, server=proxy.server)
            connection.request(self.command, self.path, body=body, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            if answer.status < 300 and proxy.loses(_operation(self, body)):
                self.close_connection = True
                return
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in {"transfer-encoding", "content-length", "connection"}:
                    self.send_header(name, value)
            if "Content-Length" in answer.headers and self.command == "HEAD":
                self.send_header("Content-Length", answer.headers["Content-Length"])
            elif self.command != "HEAD":
                self.send_header("Content-Length", str(len(content)))
            with suppress(ConnectionError):  # the client may have been killed
                self.end_headers()
                self.wfile.write(content)

        do_DELETE = do_GET = do_HEAD = do_PATCH = do_POST = do_PUT = pass_on  # noqa: N815  # http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name
            """Print nothing."""

    return Handler


def _operation(request: BaseHTTPRequestHandler, body: bytes) -> str:
    """Return the name of an operation; the paths of a collection's items count as one."""
    if target := request.headers.get("X-Amz-Target"):
        return target.rpartition(".")[2]
    actions = parse_qs(body.decode(errors="replace")).get("Action")
    return actions[0] if actions else f"{request.command} {request.path}"


def _signed_again(
    request: BaseHTTPRequestHandler, body: bytes, *, server: control.Server
) -> dict[str, str]:
    """Return the headers of a request, signed for the server itself."""
    scope = request.headers["Authorization"].partition("Credential=")[2].split("/")
    region, service = scope[2], scope[3]
    left_out = {"authorization", "host", "content-length", "accept-encoding", "x-amz-date"}
    headers = {
        name: value for name, value in request.headers.items() if name.lower() not in left_out
    }
    own = read_credentials(server.credentials_file)
    signer = (S3SigV4Auth if service == "s3" else SigV4Auth)(
        Credentials(own.access_key_id, own.secret_access_key), service, region
    )
    signed = AWSRequest(
        method=request.command, url=f"{server.url}{request.path}", data=body, headers=headers
    )
    signer.add_auth(signed)
    return dict(signed.headers.items())
