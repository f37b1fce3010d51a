"""The file with everything that Terraform says during a command."""

import os
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TextIO

from commands.shared.logs_folder import logs_folder
from modules.toolchain import ROOT

KEPT = 20
"""How many log files are kept; older ones are deleted."""


class Log:
    """A log file. Only the user may read it, because it names what is deployed."""

    def __init__(self, *, name: str) -> None:
        """Create a file such as `deploy-ecommerce-local-20261126-054502.log`."""
        folder = logs_folder()
        for old in sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime)[: 1 - KEPT]:
            old.unlink(missing_ok=True)
        now = datetime.now().astimezone()
        self.path = folder / f"{name}-{now:%Y%m%d-%H%M%S}.log"
        self._file: TextIO = os.fdopen(
            os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", buffering=1
        )
        self._lock = Lock()

    def write(self, text: str, *, source: str) -> None:
        """Write lines with the time and what they come from, such as a stack's id."""
        now = f"{datetime.now().astimezone():%H:%M:%S}"
        with self._lock:
            for line in text.splitlines():
                self._file.write(f"{now} {source}: {line}\n")

    @property
    def shown_path(self) -> Path:
        """The file as a person in the project folder names it."""
        return self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path

    def close(self) -> None:
        """Close the file."""
        self._file.close()
