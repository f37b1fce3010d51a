"""Python's side of jsii's kernel, which runs in Node.js.

jsii waits for the answer to each request. This kernel creates objects ahead of the answers: Node.js
numbers its objects, so the next reference is known, and Python goes on while Node.js works. Each
answer is compared with what was expected before Python takes another value from the kernel. So a
refused argument is reported a little later than by jsii, with the place of its construct.
"""

import atexit
import inspect
import json
import os
import platform
import re
import select
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, cast

import jsii
from jsii._kernel.providers import process as stock
from jsii._kernel.types import (
    Callback,
    CreateRequest,
    CreateResponse,
    GetRequest,
    GetResponse,
    LoadRequest,
    LoadResponse,
    ObjRef,
)
from jsii.errors import ErrorType, JavaScriptError, JSIIError

from modules.bindings.lean_modules import PACKAGES

PROGRAM = Path(jsii.__file__).parent / "_embedded" / "jsii" / "lib__program.js"
"""jsii's kernel, as its Python package holds it."""

_PROGRAM_OF_NODE = Path(__file__).with_name("kernel.cjs")
_OPTIONS = (
    # As jsii starts Node.js.
    "--max-old-space-size=4069",
    # Young objects are collected sooner: some 25 MiB less memory, and no slower.
    "--max-semi-space-size=4",
    # The process ends before optimised code repays its compilation: 10 MiB and 0.1 s less.
    "--no-opt",
)
_WITH_CHANNEL = 'exec "$@" 3<&0 </dev/null'
"""The shell's command that makes standard input file descriptor 3, where the kernel expects it."""

_BINDINGS = PACKAGES | {"jsii"}
_TOKEN = re.compile(r"\$\{TfToken\[[^\]]+\]\}")
"""How CDKTF writes a text that is one token."""

# jsii has no types for these two.
_read_reference = cast("Callable[[object], object]", stock.ohook)  # pyright: ignore[reportUnknownMemberType]
_write_reference = cast("Callable[[object], object]", stock.jdefault)  # pyright: ignore[reportUnknownMemberType]

_FIRST_OBJECT = 10_000
"""The number of the kernel's first object."""

_CHUNK = 2**16
"""How many bytes are read at once."""

_STOP_SECONDS = 60
"""How long Node.js may take to end. It takes some seconds to index the types of a new package."""


@dataclass(frozen=True, kw_only=True)
class _Ahead:
    """A request whose answer was not read yet."""

    reference: str | None
    """The expected reference of the object; None if the request creates none."""

    place: str
    """The file and line that caused it."""


class _Process(stock._NodeProcess):  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001
    """Node.js with the kernel. jsii calls `send`."""

    def __init__(self, *, node: str, cache: Path) -> None:
        super().__init__()
        self._channel, theirs = socket.socketpair()
        program = (node, *_OPTIONS, str(_PROGRAM_OF_NODE), str(PROGRAM), str(cache))
        with theirs:
            self._node = subprocess.Popen(
                ("/bin/sh", "-c", _WITH_CHANNEL, "sh", *program),
                stdin=theirs.fileno(),
                # Node.js makes an inherited pipe non-blocking, for Python too.
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                env={**os.environ, "JSII_AGENT": f"Python/{platform.python_version()}"},
            )
        self._printer = threading.Thread(target=self._print_lines, daemon=True)
        self._printer.start()
        self._channel.settimeout(0)
        self._readable = select.poll()
        self._readable.register(self._channel, select.POLLIN)
        self._ready = select.poll()
        self._ready.register(self._channel, select.POLLIN | select.POLLOUT)
        self._received = bytearray()
        self._greeted = False
        self._ahead = deque[_Ahead]()
        self._next_object = _FIRST_OBJECT
        self._last_object = _FIRST_OBJECT - 1
        self._calls_back = False
        # Forgotten when a method is called or an attribute is set, which may change the reference.
        self._tokens: dict[tuple[str, str], GetResponse] = {}
        atexit.register(self.stop)

    def __del__(self) -> None:
        """Leave the end to `atexit`."""

    def send(  # pyright: ignore[reportIncompatibleMethodOverride]  # jsii lists all answers' types
        self, request: object, response_type: type[object]
    ) -> object:
        """Send a request of jsii, and return its answer or a known one.

        Raises:
            JSIIError, RuntimeError: The kernel refused this request or one before it.
        """
        if isinstance(request, LoadRequest):
            self._write(self._serializer.unstructure(request))
            self._ahead.append(_Ahead(reference=None, place=f"the import of {request.name}"))
            return LoadResponse(assembly=request.name, types=0)
        if isinstance(request, CreateRequest):
            # Node.js calls Python back for an object that overrides methods; then it is waited for.
            self._calls_back = self._calls_back or bool(request.overrides)
            if not self._calls_back:
                return self._create_ahead(request)
        if isinstance(request, GetRequest):
            return self._get(request)
        self._tokens.clear()
        return self._ask(request, response_type)

    def stop(self) -> None:
        """End Node.js when it has answered all requests."""
        atexit.unregister(self.stop)
        if self._channel.fileno() == -1:
            return
        with self._channel:
            self._channel.settimeout(_STOP_SECONDS)
            try:
                self._channel.shutdown(socket.SHUT_WR)
                while self._channel.recv(_CHUNK):
                    pass
                self._node.wait(timeout=_STOP_SECONDS)
                self._printer.join(timeout=_STOP_SECONDS)
            except (OSError, subprocess.TimeoutExpired):
                self._node.terminate()

    def _print_lines(self) -> None:
        """Print what Node.js prints, to standard error."""
        for line in self._node.stdout or ():
            sys.stderr.write(line)

    def _create_ahead(self, request: CreateRequest) -> CreateResponse:
        reference = f"{request.fqn}@{self._next_object}"
        self._next_object += 1
        self._write(
            {
                "api": "create",
                "fqn": request.fqn,
                "args": request.args,
                "overrides": [],
                "interfaces": request.interfaces,
            }
        )
        self._ahead.append(_Ahead(reference=reference, place=_find_place()))
        return CreateResponse(ref=reference)

    def _get(self, request: GetRequest) -> object:
        """Ask for an attribute, once for each token: a token only refers to the later value."""
        attribute = (request.objref.ref, request.property)
        if attribute in self._tokens:
            return self._tokens[attribute]
        reference: dict[str, object] = {"$jsii.byref": request.objref.ref}
        if request.objref.interfaces:
            reference["$jsii.interfaces"] = request.objref.interfaces
        answer = self._exchange({"api": "get", "objref": reference, "property": request.property})
        if "callback" in answer:
            return self._serializer.structure(answer["callback"], Callback)
        response = GetResponse(value=answer["ok"].get("value"))
        if _is_token(response.value):
            self._tokens[attribute] = response
        return response

    def _ask(self, request: object, response_type: type[object]) -> object:
        answer = self._exchange(self._serializer.unstructure(request))
        if "callback" in answer:
            return self._serializer.structure(answer["callback"], Callback)
        return self._serializer.structure(answer["ok"], response_type)

    def _exchange(self, message: object) -> dict[str, Any]:
        """Send a request and wait for its answer, and for those before it."""
        self._write(message)
        refusal = self._compare_answers()
        answer = self._next_message()
        if refusal is None and "error" in answer:
            refusal = _refusal(answer, place=None)
        if refusal is not None:
            raise refusal
        return answer

    def _compare_answers(self) -> Exception | None:
        """Read the answers to all requests but the last; return why the kernel refused the first.

        Once refused, later requests may have failed for that reason alone.
        """
        if not self._greeted:
            self._greeted = True
            self.handshake()
        refusal: Exception | None = None
        while self._ahead:
            ahead = self._ahead.popleft()
            answer = self._next_message()
            if refusal is not None:
                continue
            if "ok" not in answer:
                refusal = _refusal(answer, place=ahead.place)
            elif ahead.reference not in {None, getattr(answer["ok"], "ref", None)}:
                message = f"Node.js made another object than expected at {ahead.place}"
                refusal = JSIIError(f"{message}: set FAST_BINDINGS=off")
        if refusal is not None:
            self._next_object = self._last_object + 1
        return refusal

    def _write(self, request: object) -> None:
        line = json.dumps(request, default=_write_reference)
        rest = memoryview(line.encode() + b"\n")
        while rest:
            rest = rest[self._send_some(rest) :]

    def _send_some(self, data: memoryview) -> int:
        """Send what fits into the channel; return the number of bytes."""
        try:
            return self._channel.send(data)
        except BlockingIOError:
            # Node.js may wait too, until its answers are read.
            if any(event & select.POLLIN for _, event in self._ready.poll()):
                self._receive()
            return 0
        except ConnectionError as error:
            raise self._ended() from error

    def _next_message(self) -> dict[str, Any]:
        while (end := self._received.find(b"\n")) < 0:
            self._readable.poll()
            self._receive()
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        return json.loads(line, object_hook=self._read_object)

    def _receive(self) -> None:
        try:
            data = self._channel.recv(_CHUNK)
        except ConnectionError as error:
            raise self._ended() from error
        if not data:
            raise self._ended()
        self._received += data

    def _ended(self) -> JSIIError:
        self._printer.join(timeout=_STOP_SECONDS)
        return JSIIError("Node.js ended unexpectedly; what it printed is above")

    def _read_object(self, members: dict[str, Any]) -> object:
        value = _read_reference(members)
        if isinstance(value, ObjRef):
            number = int(value.ref.rpartition("@")[2])
            self._last_object = max(self._last_object, number)
            self._next_object = max(self._next_object, number + 1)
        return value


class _Provider(stock.ProcessProvider):
    def __init__(self, process: _Process) -> None:
        self._own_process = process

    @property
    def _process(self) -> _Process:
        return self._own_process


def use_kernel(*, node: str, cache: Path) -> None:
    """Make jsii use this kernel, unless the user wants a runtime or stack traces of jsii's own.

    Args:
        node: The program file of Node.js.
        cache: The folder where V8 keeps compiled modules.
    """
    wanted = ("JSII_RUNTIME", "JSII_HOST_STACK_TRACES")
    if PROGRAM.is_file() and not any(os.environ.get(name) for name in wanted):
        jsii.kernel.provider = _Provider(_Process(node=node, cache=cache))


def _is_token(value: object) -> bool:
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def _refusal(answer: dict[str, str], *, place: str | None) -> Exception:
    message = answer["error"] + (f"\n(at {place})" if place else "")
    fault = answer["name"] == ErrorType.JSII_FAULT.value
    refusal = JSIIError(message) if fault else RuntimeError(message)
    refusal.__cause__ = JavaScriptError(answer["stack"])
    return refusal


def _find_place() -> str:
    """Return the file and line that called the bindings."""
    frame = inspect.currentframe()
    while frame is not None and _is_of_bindings(frame):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "an unknown place"


def _is_of_bindings(frame: FrameType) -> bool:
    name = frame.f_globals.get("__name__", "")
    return name == __name__ or name.partition(".")[0] in _BINDINGS
