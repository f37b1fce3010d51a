"""Names of the VPC: which local address answers for a host and port that Terraform was given."""

import json
import threading
from pathlib import Path

from local_aws.address import HOST

FILE_NAME = "hosts.json"


class HostRegistry:
    """`hosts.json` of a working folder: `{"writer.example:5432": "127.0.0.1:20001"}`.

    What runs inside the VPC reads it whenever it changes, and connects as it says.

    Args:
        folder: The working folder.
    """

    def __init__(self, *, folder: Path) -> None:
        self._file = folder / FILE_NAME
        self._addresses: dict[str, str] = {}
        self._changing = threading.Lock()
        self._write()

    def add(self, *, host: str, port: int, local_port: int) -> None:
        """Let `host:port` be answered by a port of this machine."""
        with self._changing:
            self._addresses[f"{host}:{port}"] = f"{HOST}:{local_port}"
            self._write()

    def remove(self, *, host: str, port: int) -> None:
        """Let nothing answer for `host:port` any more, if anything did."""
        with self._changing:
            self._addresses.pop(f"{host}:{port}", None)
            self._write()

    def _write(self) -> None:
        """Replace the file, so that a reader never meets half of it."""
        unfinished = self._file.with_suffix(".new")
        unfinished.write_text(json.dumps(self._addresses, indent=2))
        unfinished.replace(self._file)
