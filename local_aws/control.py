"""Starts, finds and stops the embedded AWS.

Each server has a folder for its process files: `server.json` records its process, `server.log`
holds its output, and `credentials` the access key of the user of this machine. The deployed
resources live in the server's memory and in its workspace, a temporary folder; both end with the
server. A new `instance_id` therefore means that nothing is deployed.
"""

import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPException
from pathlib import Path

from local_aws import workspace
from local_aws.access import credentials
from local_aws.address import HOST, INSTANCE_PATH, url_of
from local_aws.errors import LocalAwsError
from local_aws.private_files import is_own, open_private, own_folder, write_private
from local_aws.processes import Process, find_process

DEFAULT_FOLDER = Path(".local-aws")

_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.05
_LOG_LINES = 15


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running embedded AWS."""

    url: str
    """The URL of its AWS API."""

    pid: int
    """Its process id."""

    instance_id: str
    """A random id, made at each start. Deployed resources exist as long as it stays the same."""

    workspace: Path
    """Its temporary folder (local_aws/workspace.py)."""

    credentials_file: Path
    """The file of its access key (local_aws/access/credentials.py)."""

    started: bool
    """Whether the call that returned this object started the server."""


@dataclass(frozen=True, kw_only=True)
class _Record:
    """The content of `server.json`."""

    pid: int
    process_started: str
    port: int
    instance_id: str
    workspace: str
    folder: str
    """The absolute path of the folder that the record was written for."""

    folder_id: str
    """The folder's device and inode; a copy of the folder has others."""

    @property
    def process(self) -> Process:
        return Process(pid=self.pid, started=self.process_started)

    def server(self, *, started: bool = False) -> Server:
        return Server(
            url=url_of(self.port),
            pid=self.pid,
            instance_id=self.instance_id,
            workspace=Path(self.workspace),
            credentials_file=_credentials_file(Path(self.folder)),
            started=started,
        )


def start(*, port: int, folder: Path) -> Server:
    """Start the embedded AWS in the background, unless this folder's server already runs.

    Args:
        port: The port to listen on, at 127.0.0.1.
        folder: The folder for its process files; created if missing.

    Raises:
        LocalAwsError: The port is taken, this folder's server listens on another port, or the
            server does not start.
    """
    with _locked(folder):
        record = _read(folder)
        if record is not None and _answers(record):
            if record.port != port:
                message = (
                    f"The embedded AWS already runs on port {record.port}, not {port}: stop it"
                    f" first, or set LOCAL_AWS_PORT={record.port}."
                )
                raise LocalAwsError(message)
            return record.server()
        if record is not None:
            _end(record)
        _require_free(port)
        record = _spawn(port=port, folder=folder)
        return record.server(started=True)


def stop(*, folder: Path) -> bool:
    """Stop this folder's embedded AWS and delete its record; return whether it was running.

    Raises:
        LocalAwsError: The process does not end.
    """
    if not folder.is_dir():
        return False
    with _locked(folder):
        record = _read(folder)
        stopped = record is not None and _end(record)
        _record_file(folder).unlink(missing_ok=True)
        _credentials_file(folder).unlink(missing_ok=True)
        return stopped


def status(*, folder: Path) -> Server | None:
    """Return this folder's embedded AWS, or None if it does not answer."""
    record = _read(folder)
    return record.server() if record is not None and _answers(record) else None


def _record_file(folder: Path) -> Path:
    return folder / "server.json"


def _log_file(folder: Path) -> Path:
    return folder / "server.log"


def _credentials_file(folder: Path) -> Path:
    return folder / credentials.FILE_NAME


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    """Prevent two commands from starting or stopping the same server at once."""
    try:
        own_folder(folder)
        lock = open_private(folder / "server.lock")
    except OSError as error:
        message = f"The embedded AWS cannot keep its process files in {folder}: {error.strerror}."
        raise LocalAwsError(message) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(folder: Path) -> _Record | None:
    """Return the record of this folder's server; None without one, or if it is of another folder.

    A record controls a process. A copy of it must not control the original's server.
    """
    file = _record_file(folder)
    try:
        record = _Record(**json.loads(file.read_text()))
    except (OSError, ValueError, TypeError):
        return None
    if is_own(folder) and (record.folder, record.folder_id) == _identify(folder):
        return record
    print(f"Ignoring {file}: it records the server of {record.folder}.", file=sys.stderr)
    return None


def _identify(folder: Path) -> tuple[str, str]:
    """Return the absolute path of a folder, and its device and inode."""
    found = folder.stat()
    return str(folder.resolve()), f"{found.st_dev}:{found.st_ino}"


def _answers(record: _Record) -> bool:
    """Return whether the recorded server, and no other one, answers on its port."""
    # Bypass HTTP proxies: they cannot reach 127.0.0.1.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url_of(record.port) + INSTANCE_PATH, timeout=5) as answer:
            return record.instance_id in answer.read().decode()
    except (OSError, HTTPException, ValueError):
        return False


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _require_free(port: int) -> None:
    if _listens(port):
        message = f"Port {port} is taken by another program: set LOCAL_AWS_PORT to a free one."
        raise LocalAwsError(message)


def _spawn(*, port: int, folder: Path) -> _Record:
    instance_id = secrets.token_hex(8)
    with open_private(_log_file(folder)) as log:
        workspace_folder = workspace.create(prefix=f"local-aws-{instance_id}-")
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "local_aws.server"),
                *("--port", str(port), "--instance-id", instance_id),
                *("--workspace", workspace_folder),
                *("--credentials-file", _credentials_file(folder.resolve())),
            ],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    found = find_process(process.pid)
    path, folder_id = _identify(folder)
    record = _Record(
        pid=process.pid,
        process_started=found.started if found else "",
        port=port,
        instance_id=instance_id,
        workspace=str(workspace_folder),
        folder=path,
        folder_id=folder_id,
    )
    write_private(_record_file(folder), json.dumps(asdict(record)))
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(record):
            process.returncode = 0  # prevents a ResourceWarning: it outlives this process
            return record
        time.sleep(_POLL_SECONDS)
    process.kill()
    process.wait()
    workspace.remove(workspace_folder)
    _record_file(folder).unlink(missing_ok=True)
    lines = _log_file(folder).read_text(errors="replace").splitlines()[-_LOG_LINES:]
    message = f"The embedded AWS did not start; its log ends with: {' | '.join(lines)}"
    raise LocalAwsError(message)


def _end(record: _Record) -> bool:
    """End the recorded server and delete its workspace; return whether it was running."""
    ran = _end_process(record)
    try:
        workspace.remove(Path(record.workspace))
    except OSError as error:
        message = (
            f"The embedded AWS's folder {record.workspace} cannot be deleted: {error.strerror}."
        )
        raise LocalAwsError(message) from error
    return ran


def _end_process(record: _Record) -> bool:
    if not record.process.runs:
        return False
    for wanted in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(record.pid, wanted)
        except ProcessLookupError:
            return True
        except PermissionError as error:
            message = f"The embedded AWS (process {record.pid}) belongs to another user."
            raise LocalAwsError(message) from error
        deadline = time.monotonic() + _STOP_SECONDS
        # The port closes a moment after the process has ended: its last thread still holds it.
        while (record.process.runs or _listens(record.port)) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        if not record.process.runs:
            return True
    message = f"The embedded AWS (process {record.pid}) does not end: end it by hand."
    raise LocalAwsError(message)
