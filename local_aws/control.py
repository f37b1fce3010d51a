"""Starts, finds and stops the embedded AWS.

A server belongs to a folder: `server.json` says which process it is, `server.log` what it said.
State lives in the server's memory and in a temporary folder, its workspace; both go with it. So
another `instance_id` means that all of it is gone.
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
    """Where it answers, for example `http://127.0.0.1:4577`."""

    pid: int
    """Its process."""

    instance_id: str
    """Random, made at each start; as long as it stays, so does the state."""

    workspace: Path
    """Its working folder (local_aws/workspace.py)."""

    started: bool
    """Whether this call started it."""


@dataclass(frozen=True, kw_only=True)
class _Record:
    """What `server.json` holds."""

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
    """Start the embedded AWS in the background, or find the one of this folder that runs.

    Args:
        port: Where to listen on 127.0.0.1.
        folder: Where its process files are kept; made if missing.

    Raises:
        LocalAwsError: the port is taken, this folder's server listens on another port, or the
            server does not come up.
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
    """Stop this folder's embedded AWS and forget it; say whether there was one to stop.

    Raises:
        LocalAwsError: the process does not end.
    """
    if not folder.is_dir():
        return False
    with _locked(folder):
        record = _read(folder)
        stopped = record is not None and _end(record)
        _record_file(folder).unlink(missing_ok=True)
        return stopped


def status(*, folder: Path) -> Server | None:
    """Return this folder's embedded AWS if it runs and answers."""
    record = _read(folder)
    return record.server() if record is not None and _answers(record) else None


def _record_file(folder: Path) -> Path:
    return folder / "server.json"


def _log_file(folder: Path) -> Path:
    return folder / "server.log"


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    """Keep two commands from starting or stopping the same server at once."""
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
    """Return whether the recorded server answers on its port, and not another one in its place."""
    # An empty ProxyHandler: a proxy of the user's environment must not see local traffic.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url_of(record.port) + INSTANCE_PATH, timeout=5) as answer:
            return record.instance_id in answer.read().decode()
    except (OSError, HTTPException, ValueError):
        return False


def _runs(record: _Record) -> bool:
    """Return whether the recorded process runs and is ours, not a later one with the same id."""
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
            process.returncode = 0  # it outlives us on purpose: no ResourceWarning about that
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
    """End the recorded server, if it runs, and what it left; say whether it ran."""
    ran = _end_process(record)
    try:
        workspace.remove(Path(record.workspace))
    except OSError as error:
        message = f"The embedded AWS's folder {record.workspace} stays: {error.strerror}."
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
        # The port closes a moment after the process is gone: its last thread holds it.
        while (_runs(record) or _listens(record.port)) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        if not (_runs(record) or _answers(record)):
            return True
    message = f"The embedded AWS (process {record.pid}) does not end: end it by hand."
    raise LocalAwsError(message)
