"""Starts, finds and stops the embedded AWS.

Each server has a folder for its process files: `server.json` records its process, and `server.log`
holds its output. The deployed resources live in the server's memory and in its workspace, a
temporary folder; both end with the server. A new `instance_id` therefore means that nothing is
deployed.
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

from local_aws import processes, workspace
from local_aws.address import HOST, INSTANCE_PATH, url_of
from local_aws.errors import LocalAwsError

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

    started: bool
    """Whether the call that returned this object started the server."""


@dataclass(frozen=True, kw_only=True)
class _Record:
    """The content of `server.json`."""

    pid: int
    port: int
    instance_id: str
    workspace: str

    def server(self, *, started: bool = False) -> Server:
        return Server(
            url=url_of(self.port),
            pid=self.pid,
            instance_id=self.instance_id,
            workspace=Path(self.workspace),
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
        return stopped


def status(*, folder: Path) -> Server | None:
    """Return this folder's embedded AWS, or None if it does not answer."""
    record = _read(folder)
    return record.server() if record is not None and _answers(record) else None


def _record_file(folder: Path) -> Path:
    return folder / "server.json"


def _log_file(folder: Path) -> Path:
    return folder / "server.log"


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    """Prevent two commands from starting or stopping the same server at once."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "server.lock").open("w")
    except OSError as error:
        message = f"The embedded AWS cannot keep its process files in {folder}: {error.strerror}."
        raise LocalAwsError(message) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(folder: Path) -> _Record | None:
    try:
        return _Record(**json.loads(_record_file(folder).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _write(record: _Record, *, folder: Path) -> None:
    unfinished = _record_file(folder).with_suffix(".new")
    unfinished.write_text(json.dumps(asdict(record)))
    unfinished.replace(_record_file(folder))


def _answers(record: _Record) -> bool:
    """Return whether the recorded server, and no other one, answers on its port."""
    # Bypass HTTP proxies: they cannot reach 127.0.0.1.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url_of(record.port) + INSTANCE_PATH, timeout=5) as answer:
            return record.instance_id in answer.read().decode()
    except (OSError, HTTPException, ValueError):
        return False


def _runs(record: _Record) -> bool:
    """Return whether the recorded process runs; a later process may have got the same id."""
    return record.instance_id in processes.command_lines().get(record.pid, "")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _require_free(port: int) -> None:
    if _listens(port):
        message = f"Port {port} is taken by another program: set LOCAL_AWS_PORT to a free one."
        raise LocalAwsError(message)


def _spawn(*, port: int, folder: Path) -> _Record:
    instance_id = secrets.token_hex(8)
    own_folder = workspace.create(prefix=f"local-aws-{instance_id}-")
    with _log_file(folder).open("wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "local_aws.server"),
                *("--port", str(port), "--instance-id", instance_id),
                *("--workspace", own_folder),
            ],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    record = _Record(
        pid=process.pid,
        port=port,
        instance_id=instance_id,
        workspace=str(own_folder),
    )
    _write(record, folder=folder)
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(record):
            process.returncode = 0  # prevents a ResourceWarning: it outlives this process
            return record
        time.sleep(_POLL_SECONDS)
    process.kill()
    process.wait()
    workspace.remove(own_folder)
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
    if not (_runs(record) or _answers(record)):
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
        while (_runs(record) or _listens(record.port)) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        if not (_runs(record) or _answers(record)):
            return True
    message = f"The embedded AWS (process {record.pid}) does not end: end it by hand."
    raise LocalAwsError(message)
