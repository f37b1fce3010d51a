"""Runs `make dev` on a deployment."""

import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.end_to_end.project import Project
from tests.local_aws.deployed_functions import eventually


class Dev:
    """A running `make dev`, and what it shows."""

    def __init__(self, process: "subprocess.Popen[str]", *, shown: Path) -> None:
        self.process = process
        self._shown = shown

    @property
    def shown(self) -> str:
        """Everything that it has shown."""
        return self._shown.read_text()

    def shows(self, text: str) -> None:
        """Wait until it shows a text."""
        eventually(lambda: text in self.shown)

    def ends(self, how: signal.Signals) -> None:
        """Send it a signal, and wait for its end without an error."""
        self.process.send_signal(how)
        assert self.process.wait(timeout=30) == 0
        assert "Traceback" not in self.shown
        assert self.shown.endswith("The deployed version answers again.\n")


@contextmanager
def running_dev(project: Project, *, output: Path) -> Generator[Dev]:
    """Start the module behind `make dev`, and wait until it serves the working copy."""
    with output.open("w") as stream:
        process = project.start(".venv/bin/python", "-m", "commands.dev", output=stream)
    dev = Dev(process, shown=output)
    try:
        dev.shows("Serving the working copy")
        yield dev
    finally:
        process.kill()
        process.wait()
