"""Processes of this machine: which ones run, and ending those that must not outlive their owner."""

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

# `read` fails only when the pipe ends unsaid, that is when the owner died; a line dismisses it.
_WATCH = 'read -r dismissed || kill -s "$1" "$2"'


class OwnerWatch:
    """Ends a process when this one dies, even by SIGKILL: a shell waits at the end of a pipe.

    The watched process must be a child of this one: until it is waited for, no other process gets
    its id. Dismiss the watch right after that.

    Args:
        pid: The process to end.
        signal_name: How it is asked to end, such as `INT`.
    """

    def __init__(self, *, pid: int, signal_name: str) -> None:
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _WATCH, "watch", signal_name, str(pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # Ctrl-C in a terminal is for the owner alone
        )

    def dismiss(self) -> None:
        """Stop watching."""
        self._shell.communicate(b"dismissed\n")


def command_lines() -> dict[int, str]:
    """Return the command line of every process that runs, by process id."""
    if PROC.is_dir():  # Linux, where a minimal container has no `ps`
        return {
            int(process.name): command
            for process in PROC.glob("[0-9]*")
            if (command := _command_line(process))
        }
    listing = subprocess.run(
        # (A header goes with each option of its own.)
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
    """Wait for other processes whose command line holds `mark` to end; end those that do not."""
    _await_end(mark)
    # Asked, PostgreSQL gives its shared memory back to the system; killed, it cannot.
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
    """Return a process's command line, or nothing if it is gone or waits to be collected."""
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
