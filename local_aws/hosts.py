"""Host names of the VPC, and the local ports that stand for them.

These names resolve on AWS only, such as the endpoint of a cluster.
"""

import json
import threading
from pathlib import Path

from local_aws.address import HOST

FILE_NAME = "hosts.json"


class HostRegistry:
    """The file `hosts.json` of a workspace, such as `{"writer.example:5432": "127.0.0.1:20001"}`.

    Functions look up their destination in it at each connection.

    Args:
        folder: The workspace's folder.
    """

    def __init__(self, *, folder: Path) -> None:
        self._file = folder / FILE_NAME
        self._addresses: dict[str, str] = {}
        self._changing = threading.Lock()
        self._write()

    def add(self, *, host: str, port: int, local_port: int) -> None:
        """Lead connections to `host:port` to a port of this machine."""
        with self._changing:
            self._addresses[f"{host}:{port}"] = f"{HOST}:{local_port}"
            self._write()

    def remove(self, *, host: str, port: int) -> None:
        """Remove the entry of `host:port`, if there is one."""
        with self._changing:
            self._addresses.pop(f"{host}:{port}", None)
            self._write()

    def _write(self) -> None:
        """Replace the file atomically, so that a reader never sees half of it."""
        unfinished = self._file.with_suffix(".new")
        unfinished.write_text(json.dumps(self._addresses, indent=2))
        unfinished.replace(self._file)
