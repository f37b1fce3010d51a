"""Finds processes of this machine, and ends those that must not outlive their owner."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
PS = Path("/bin/ps")
GRACE_SECONDS = 5.0
_POLL_SECONDS = 0.02

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


def command_lines() -> dict[int, str]:
    """Return the command line of each running process, by process id."""
    if PROC.is_dir():  # Linux, where a minimal container has no `ps`
        return {
            int(process.name): command
            for process in PROC.glob("[0-9]*")
            if (command := _command_line(process))
        }
    listing = subprocess.run(
        # "pid=" and "command=" print the columns without a header.
        [PS, "-A", "-ww", "-o", "pid=", "-o", "command="],
        capture_output=True,
        check=True,
        encoding="utf-8",
        errors="replace",
    ).stdout
    return {
        int(pid): command
        for pid, _, command in (line.strip().partition(" ") for line in listing.splitlines())
    }


def end_leftovers(mark: str) -> None:
    """End the other processes whose command line contains `mark`, after a grace period."""
    _await_end(mark)
    # PostgreSQL returns its shared memory to the system after SIGINT, but not after SIGKILL.
    for how in (signal.SIGINT, signal.SIGKILL):
        for pid in _others(mark):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, how)
        _await_end(mark)


def _await_end(mark: str) -> None:
    deadline = time.monotonic() + GRACE_SECONDS
    while _others(mark) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)


def _others(mark: str) -> list[int]:
    return [pid for pid, line in command_lines().items() if mark in line and pid != os.getpid()]


def _command_line(process: Path) -> str:
    """Return the command line of a process; empty if the process has ended."""
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
