"""Processes of the embedded AWS that must not outlive their owner."""

import subprocess

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
