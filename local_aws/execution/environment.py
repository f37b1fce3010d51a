"""One execution environment: a Node.js process that answers one event at a time."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from threading import Thread

from local_aws import processes
from local_aws.execution.code import Code
from local_aws.execution.function_version import FunctionVersion
from local_aws.execution.inspector import find_address, node_options, without_inspector
from local_aws.execution.logs import Record, tail_of, write
from local_aws.execution.roles import RoleSession, close_session
from local_aws.execution.runtime_api import Answer, Event, Exited, RuntimeApi
from local_aws.hosts import FILE_NAME as HOSTS_FILE

_RUNTIME = Path(__file__).parent / "runtime"
_INIT_SECONDS = 10.0
"""The time that Lambda gives the code to load, before it retries within the function's timeout."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an invocation ended, and the tail of its log."""

    payload: bytes
    failed: bool
    log_tail: bytes


@dataclass(frozen=True, kw_only=True)
class _Ending:
    """How an invocation ended, with Lambda's status and the last line of the log, if any."""

    payload: bytes
    status: str
    line: str | None = None


class ExecutionEnvironment:
    """A process that runs a version's code.

    The process ends by itself when its connection to the Runtime API breaks, for example because
    the server is gone. The workspace records it, so that `local_aws.control` can end it too.
    """

    def __init__(
        self,
        *,
        version: FunctionVersion,
        code: Code,
        session: RoleSession,
        log_stream: str,
        runtime_api: RuntimeApi,
        variables: Mapping[str, str],
        node: Path,
        workspace: Path,
    ) -> None:
        """Start the process without waiting until it is ready; `invoke` waits.

        Args:
            version: The version to run.
            code: The unpacked code.
            session: The credentials of its role.
            log_stream: The log stream that it writes to.
            runtime_api: The API that its runtime connects to.
            variables: All its environment variables.
            node: The Node.js that runs it.
            workspace: The folder that records the process, and has the file of host names that
                lead to servers on this machine.
        """
        self.version = version
        """The version it runs."""
        self.retired = False
        """Whether it must not get another event."""
        self.used_at = time.monotonic()
        """The time of its start or last use, on the monotonic clock."""
        self._session = session
        self._log_stream = log_stream
        self._api = runtime_api
        self._workspace = workspace
        # When the answer arrives, a file contains all earlier output; a pipe may still buffer it.
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  # it stays open as long as the environment
        self._read_bytes = 0
        self._initialised = False
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            [
                *(node, *node_options(version.working_copy)),
                *("--require", _RUNTIME / "host_names.cjs"),
                *(_RUNTIME / "runtime.mjs", workspace / HOSTS_FILE),
            ],
            cwd=code.working_directory,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        processes.record(self._process.pid, folder=workspace)
        Thread(target=self._watch, daemon=True).start()

    @property
    def usable(self) -> bool:
        """Whether it may get another event."""
        copy = self.version.working_copy
        replaced = copy is not None and copy.ended
        return not (self.retired or replaced) and self._process.poll() is None

    def start(self) -> list[str] | None:
        """Load the code without an event; return the log if that failed, or None."""
        _, failure = self._initialise(request_id=str(uuid.uuid4()))
        if failure is None:
            return None
        self.retired = True
        return self._lines_until(failure)

    def invoke(self, *, request_id: str, payload: bytes, arn: str, trace_id: str) -> Outcome:
        """Run the handler once and write the invocation's log."""
        init_seconds, ending = self._initialise(request_id)
        started, before = datetime.now(timezone.utc), time.monotonic()
        if ending is None:
            seconds = float(self.version.timeout_seconds)
            event = Event(
                request_id=request_id,
                payload=payload,
                arn=arn,
                trace_id=trace_id,
                deadline_ms=int((started.timestamp() + seconds) * 1000),
            )
            ending = self._run(event)
        record = Record(
            request_id=request_id,
            started=started,
            seconds=time.monotonic() - before,
            init_seconds=init_seconds,
            status=ending.status,
            lines=self._lines_until(ending),
        )
        lines = write(self.version, record, stream=self._log_stream)
        if self.version.working_copy is not None:
            self.version.working_copy.report({"event": "log", "lines": lines})
        return Outcome(
            payload=ending.payload,
            failed=ending.status != "success",
            log_tail=tail_of(lines),
        )

    def end(self) -> None:
        """End the process and its children; a second call does nothing."""
        self.retired = True
        # macOS does not permit signals to a process that has already ended.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        processes.forget(self._process.pid, folder=self._workspace)
        self._api.close()
        close_session(self._session)

    def _watch(self) -> None:
        self._api.exited(self._process.wait())

    def _initialise(self, request_id: str) -> tuple[float | None, _Ending | None]:
        """Wait until the code is loaded; return the seconds it took, and the failure if any."""
        if self._initialised:
            return None, None
        self._initialised = True
        seconds = _INIT_SECONDS + self.version.timeout_seconds
        try:
            failure = self._api.wait_until_ready(seconds=self._limit(seconds))
        except TimeoutError:
            return seconds, self._timed_out(request_id)
        passed = time.monotonic() - self._started
        if (copy := self.version.working_copy) is not None and copy.inspected:
            copy.report({"event": "inspector", "address": find_address(self._output.fileno())})
        return passed, None if failure is None else self._failed(failure, request_id)

    def _limit(self, seconds: float) -> float | None:
        """Return a limit of time; None if a debugger may pause the code, because it would pass."""
        copy = self.version.working_copy
        return None if copy is not None and copy.inspected else seconds

    def _run(self, event: Event) -> _Ending:
        try:
            answer = self._api.run(event, seconds=self._limit(self.version.timeout_seconds))
        except TimeoutError:
            return self._timed_out(event.request_id)
        if isinstance(answer, Answer) and not answer.failed:
            return _Ending(payload=answer.payload, status="success")
        return self._failed(answer, event.request_id)

    def _failed(self, failure: Answer | Exited, request_id: str) -> _Ending:
        if isinstance(failure, Answer):
            return _Ending(payload=failure.payload, status="error")
        message = f"RequestId: {request_id} Error: {_exit_reason(failure.status)}"
        body = {"errorType": "Runtime.ExitError", "errorMessage": message}
        return _Ending(payload=json.dumps(body).encode(), status="failure", line=message)

    def _timed_out(self, request_id: str) -> _Ending:
        self.end()
        seconds = float(self.version.timeout_seconds)
        stamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        line = f"{stamp} {request_id} Task timed out after {seconds:.2f} seconds"
        payload = json.dumps({"errorMessage": line}).encode()
        return _Ending(payload=payload, status="timeout", line=line)

    def _lines_until(self, ending: _Ending) -> list[str]:
        """Return the lines that were written since the last call, and the line of the ending."""
        return [*self._new_lines(), *([ending.line] if ending.line else [])]

    def _new_lines(self) -> list[str]:
        size = os.fstat(self._output.fileno()).st_size
        written = os.pread(self._output.fileno(), size - self._read_bytes, self._read_bytes)
        self._read_bytes = size
        lines = written.decode(errors="replace").removesuffix("\n").split("\n")
        if (copy := self.version.working_copy) is not None and copy.inspected:
            lines = without_inspector(lines)
        # The runtime joins the lines of one message by carriage returns.
        return [line.replace("\r", "\n") for line in lines] if written else []


def _exit_reason(status: int) -> str:
    if status == 0:
        return "Runtime exited without providing a reason"
    if status < 0:
        return f"Runtime exited with error: signal: {str(signal.strsignal(-status)).lower()}"
    return f"Runtime exited with error: exit status {status}"
