"""Lets Terraform end in order when a command is interrupted, so that it records what it did."""

import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from types import FrameType

from commands.shared.console import CommandError

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class InterruptedDeploymentError(CommandError):
    """Somebody interrupted the command while Terraform ran."""

    def __init__(self, stack_id: str) -> None:
        super().__init__(
            f"Interrupted while Terraform worked on {stack_id}. It has recorded what it did: "
            "run the command again to go on."
        )


@dataclass(kw_only=True)
class Interrupts:
    """The running Terraform processes, and whether somebody wants them to end."""

    requested: bool = False
    _running: set[subprocess.Popen[str]] = field(default_factory=set[subprocess.Popen[str]])
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def tracking(self, process: subprocess.Popen[str]) -> Generator[None]:
        """Pass interrupts on to a process while the block runs."""
        with self._lock:
            self._running.add(process)
        if self.requested:
            process.send_signal(signal.SIGINT)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(process)

    @contextmanager
    def handled(self) -> Generator[None]:
        """Handle the process's signals while the block runs."""
        former = {each: signal.signal(each, self._handle) for each in SIGNALS}
        try:
            yield
        finally:
            for each, handler in former.items():
                signal.signal(each, handler)

    def _handle(self, _signal: int, _frame: FrameType | None) -> None:
        if not self._running:
            raise KeyboardInterrupt
        if not self.requested:
            print(
                "Interrupted: Terraform finishes what it has begun and records it. "
                "A second Ctrl-C stops it at once and may lose track of resources.",
                file=sys.stderr,
            )
        self.requested = True
        for process in tuple(self._running):
            process.send_signal(signal.SIGINT)
