"""The process of a PostgreSQL server, from its start to its end."""

import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from local_aws import processes
from local_aws.database.errors import DatabaseError
from local_aws.database.user import ENVIRONMENT, process_user
from local_aws.private_files import open_private
from local_aws.processes import OwnerWatch

_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.01
_LOG_LINES = 5
_STATUS_LINE = 7  # the status line of postmaster.pid, counted from 0 (PostgreSQL's pidfile.h)


class PortTakenError(DatabaseError):
    """Another program listens on the port."""


class PostgresProcess:
    """A server process that takes connections when the constructor returns.

    Args:
        programs: The folder of PostgreSQL's programs.
        data: The data folder.
        log: The file that its log is appended to.
        port: The port to listen on.
        options: The other arguments of the server.
        workspace: The folder that records the process.

    Raises:
        PortTakenError: The port is not free.
        DatabaseError: The server does not start.
    """

    def __init__(
        self,
        *,
        programs: Path,
        data: Path,
        log: Path,
        port: int,
        options: Sequence[str],
        workspace: Path,
    ) -> None:
        self._data = data
        self._log = log
        self._workspace = workspace
        self._log_start = log.stat().st_size if log.exists() else 0
        with open_private(log, append=True) as log_file:
            self._process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-p", str(port), *options],
                cwd=data,
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,  # closes when the last process of the server ends
                stderr=log_file,
                start_new_session=True,  # Ctrl-C in a terminal must reach the owner only
                **process_user(),
            )
        processes.record(self._process.pid, folder=workspace)
        self._watch = OwnerWatch(pid=self._process.pid, signal_name="INT")
        try:
            self._await_readiness()
        except BaseException:
            self.end(signal.SIGKILL)
            raise

    @property
    def pid(self) -> int:
        """The id of the server's main process."""
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def reload(self) -> None:
        """Tell it to reload its settings and certificate, which it does a moment later."""
        self._process.send_signal(signal.SIGHUP)

    def end(self, how: signal.Signals) -> None:
        """Send a signal that ends it, and return when all of its processes have ended."""
        self._process.send_signal(how)
        try:
            self._process.communicate(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._watch.dismiss()
        processes.forget(self._process.pid, folder=self._workspace)

    def _await_readiness(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise self._failure()
            time.sleep(_POLL_SECONDS)

    def _is_ready(self) -> bool:
        """Return whether the server's PID file says so; `pg_ctl start` checks the same."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        of_this_run = lines[:1] == [
            str(self._process.pid)
        ]  # a killed server leaves its file behind
        return of_this_run and lines[_STATUS_LINE:] == ["ready   "]

    def _failure(self) -> DatabaseError:
        with self._log.open(errors="replace") as log:
            log.seek(self._log_start)
            lines = log.read().splitlines()
        if any("could not create any TCP/IP sockets" in line for line in lines):
            return PortTakenError(f"Another program took PostgreSQL's port; see {self._log}.")
        return DatabaseError(
            f"PostgreSQL did not start; its log ends with: {' | '.join(lines[-_LOG_LINES:])}"
        )
