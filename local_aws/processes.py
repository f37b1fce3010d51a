"""Records the processes that the embedded AWS starts, and ends those that outlive their owner.

A process id can later belong to another process. A process is therefore known by its id together
with the time of its start.
"""

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from local_aws.private_files import write_private

PROC = Path("/proc")
PS = Path("/bin/ps")
GRACE_SECONDS = 5.0
_POLL_SECONDS = 0.02
_RECORDS = "processes"  # a folder with a file per process, named by its id
_ENDED = ("Z", "X")  # states of a process that has ended but still has an entry

# `read` fails when the pipe closes without a line, which means that the owner died.
_WATCH = 'read -r dismissed || kill -s "$1" "$2"'


class OwnerWatch:
    """Ends a child process when this process dies, even by SIGKILL.

    A shell waits at the other end of a pipe and notices when this process is gone. Dismiss the
    watch right after waiting for the child: from then on another process may get the child's id.

    Args:
        pid: The process to end.
        signal_name: The signal that ends it, such as `INT`.
    """

    def __init__(self, *, pid: int, signal_name: str) -> None:
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _WATCH, "watch", signal_name, str(pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # Ctrl-C in a terminal must reach the owner only
        )

    def dismiss(self) -> None:
        """Stop watching."""
        self._shell.communicate(b"dismissed\n")


@dataclass(frozen=True, kw_only=True)
class Process:
    """A process of this machine."""

    pid: int
    started: str
    """The time of its start, in the system's own format."""

    @property
    def runs(self) -> bool:
        """Whether it still runs."""
        return find_process(self.pid) == self


def find_process(pid: int) -> Process | None:
    """Return the running process with an id, if there is one."""
    on_linux = PROC.is_dir()  # a minimal container of Linux has no `ps`
    started = _started_by_proc(pid) if on_linux else _started_by_ps(pid)
    return Process(pid=pid, started=started) if started else None


def record(pid: int, *, folder: Path) -> None:
    """Record a process that leads its own session, so that `end_recorded` ends it."""
    process = find_process(pid)
    if process is not None:
        records = folder / _RECORDS
        records.mkdir(exist_ok=True)
        write_private(records / str(pid), process.started)


def forget(pid: int, *, folder: Path) -> None:
    """Delete the record of a process that has ended."""
    (folder / _RECORDS / str(pid)).unlink(missing_ok=True)


def end_recorded(folder: Path) -> None:
    """End the processes that are recorded in a folder, after a grace period."""
    recorded = [
        Process(pid=int(file.name), started=file.read_text())
        for file in (folder / _RECORDS).glob("*")
        if file.name.isdecimal()
    ]
    _await_end(recorded)
    # PostgreSQL returns its shared memory to the system after SIGINT, but not after SIGKILL.
    for how in (signal.SIGINT, signal.SIGKILL):
        for process in recorded:
            if process.runs:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, how)
        _await_end(recorded)


def _await_end(recorded: list[Process]) -> None:
    deadline = time.monotonic() + GRACE_SECONDS
    while any(process.runs for process in recorded) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)


def _started_by_proc(pid: int) -> str | None:
    """Return the boot's id and the ticks from the boot to the start (proc_pid_stat(5))."""
    try:
        # The second field, the command in parentheses, may contain spaces and parentheses.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        boot = (PROC / "sys" / "kernel" / "random" / "boot_id").read_text().strip()
    except OSError:
        return None
    state, ticks = fields[0], fields[19]
    return None if state in _ENDED else f"{boot} {ticks}"


def _started_by_ps(pid: int) -> str | None:
    listing = subprocess.run(
        # "stat=" and "lstart=" print the columns without a header.
        [PS, "-o", "stat=", "-o", "lstart=", "-p", str(pid)],
        env={"LC_ALL": "C", "TZ": "UTC"},
        capture_output=True,
        check=False,
        encoding="utf-8",
    ).stdout
    state, _, started = listing.strip().partition(" ")
    return None if state.startswith(_ENDED) else started.strip() or None
