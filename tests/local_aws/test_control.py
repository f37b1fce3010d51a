"""Starting, finding and stopping the embedded AWS."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from mypy_boto3_rds import RDSClient

from local_aws import control, processes
from local_aws.errors import LocalAwsError
from local_aws.processes import command_lines

pytestmark = pytest.mark.local_aws


def _command(*arguments: str, port: int | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ) | ({"LOCAL_AWS_PORT": str(port)} if port else {})
    return subprocess.run(
        [sys.executable, "-m", "local_aws", *arguments],
        cwd=Path(control.__file__).parents[1],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_second_start_returns_the_running_server(own_folder: Path, port: int) -> None:
    first = control.start(port=port, folder=own_folder)
    second = control.start(port=port, folder=own_folder)

    assert first.started
    assert not second.started
    assert (first.url, first.pid, first.instance_id) == (
        second.url,
        second.pid,
        second.instance_id,
    )
    assert control.status(folder=own_folder) == second


def test_the_server_listens_on_this_machine_only(own_folder: Path, port: int) -> None:
    control.start(port=port, folder=own_folder)
    with socket.socket() as other:
        # On Linux a server that listens on all addresses would answer at 127.0.0.2 too.
        reached = other.connect_ex(("127.0.0.2", port)) == 0
    assert not reached


def test_another_port_for_a_running_server_is_refused(own_folder: Path, port: int) -> None:
    control.start(port=port, folder=own_folder)
    with pytest.raises(LocalAwsError, match=f"LOCAL_AWS_PORT={port}"):
        control.start(port=port + 1, folder=own_folder)


def test_an_error_about_a_taken_port_names_the_variable(own_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = int(other.getsockname()[1])
        with pytest.raises(LocalAwsError, match=f"{taken} .*LOCAL_AWS_PORT"):
            control.start(port=taken, folder=own_folder)
    assert control.status(folder=own_folder) is None


def test_an_error_names_a_folder_that_cannot_be_created(tmp_path: Path, port: int) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LocalAwsError, match=r"file.folder: Not a directory"):
        control.start(port=port, folder=tmp_path / "file" / "folder")


def test_a_server_that_fails_to_start_shows_the_end_of_its_log(
    own_folder: Path, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken" / "moto"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise SystemExit('moto is broken')\n")
    monkeypatch.setenv("PYTHONPATH", str(broken.parent))

    with pytest.raises(LocalAwsError, match="moto is broken") as failure:
        control.start(port=port, folder=own_folder)
    assert "\n" not in str(failure.value)
    assert not (own_folder / "server.json").exists()


@pytest.fixture
def database(
    own_folder: Path, port: int, connect: Callable[..., object]
) -> tuple[control.Server, int]:
    """Start a server with a cluster; return it and the process id of the cluster's database."""
    server = control.start(port=port, folder=own_folder)
    rds = cast("RDSClient", connect("rds", url=server.url, region="eu-west-1"))
    cluster = rds.create_db_cluster(
        DBClusterIdentifier="shop",
        Engine="aurora-postgresql",
        MasterUsername="shop",
        ManageMasterUserPassword=True,
    )["DBCluster"]
    data = server.workspace / cluster.get("DbClusterResourceId", "") / "data"
    return server, int((data / "postmaster.pid").read_text().splitlines()[0])


def _assert_gone(server: control.Server, database: int) -> None:
    assert not server.workspace.exists()
    assert database not in command_lines()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(server.url.rpartition(":")[2]))) != 0


def test_stopping_deletes_everything(
    own_folder: Path, database: tuple[control.Server, int]
) -> None:
    assert control.stop(folder=own_folder)
    _assert_gone(*database)
    assert not (own_folder / "server.json").exists()
    assert control.status(folder=own_folder) is None
    assert not control.stop(folder=own_folder)
    os.waitpid(database[0].pid, 0)  # raises unless it ended as a child of this process


def test_a_server_deletes_everything_on_sigterm(
    database: tuple[control.Server, int],
) -> None:
    os.kill(database[0].pid, signal.SIGTERM)
    assert os.waitpid(database[0].pid, 0)[1] == 0
    _assert_gone(*database)


def test_a_killed_server_is_replaced_and_cleaned_up(
    own_folder: Path, port: int, database: tuple[control.Server, int]
) -> None:
    os.kill(database[0].pid, signal.SIGKILL)
    os.waitpid(database[0].pid, 0)

    assert control.status(folder=own_folder) is None
    fresh = control.start(port=port, folder=own_folder)
    assert fresh.started
    assert fresh.instance_id != database[0].instance_id
    assert fresh.workspace.is_dir()
    assert not database[0].workspace.exists()
    assert database[1] not in command_lines()


def test_stopping_ends_a_database_that_outlived_its_server(
    own_folder: Path, database: tuple[control.Server, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, postgres = database
    watches = [pid for pid, line in command_lines().items() if line.endswith(f"INT {postgres} ")]
    for process in (server.pid, *watches):
        os.kill(process, signal.SIGKILL)
    os.waitpid(server.pid, 0)
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.1)

    assert postgres in command_lines()
    assert not control.stop(folder=own_folder)
    _assert_gone(server, postgres)


def test_processes_are_listed_without_proc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ps = tmp_path / "ps"
    ps.write_text("#!/bin/sh\necho '    1 /sbin/launchd'\necho '34567 node /var/a folder/x.mjs'\n")
    ps.chmod(0o755)
    monkeypatch.setattr(processes, "PROC", tmp_path / "absent")
    monkeypatch.setattr(processes, "PS", ps)
    assert command_lines() == {1: "/sbin/launchd", 34567: "node /var/a folder/x.mjs"}


def test_stopping_works_without_ps(
    own_folder: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    control.start(port=port, folder=own_folder)
    monkeypatch.setenv("PATH", "")

    assert control.stop(folder=own_folder)
    assert not (own_folder / "server.json").exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_stopping_spares_another_process_with_the_recorded_id(own_folder: Path, port: int) -> None:
    own_folder.mkdir()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        record = {
            "pid": bystander.pid,
            "port": port,
            "instance_id": "of-a-server-long-gone",
            "workspace": str(own_folder / "gone"),
        }
        (own_folder / "server.json").write_text(json.dumps(record))

        assert not control.stop(folder=own_folder)
        assert bystander.poll() is None


def test_the_command_line_starts_shows_and_stops_the_server(own_folder: Path, port: int) -> None:
    folder = ("--folder", str(own_folder))
    up = _command("up", *folder, port=port)
    again = _command("up", *folder, port=port)
    status = _command("status", *folder)
    down = _command("down", *folder)
    gone = _command("status", *folder)

    assert [run.returncode for run in (up, again, status, down, gone)] == [0, 0, 0, 0, 1]
    assert f"started at http://127.0.0.1:{port}" in up.stdout
    assert "already runs" in again.stdout
    assert f"http://127.0.0.1:{port}" in status.stdout
    assert down.stdout == "Embedded AWS stopped.\n"
    assert gone.stdout == "Embedded AWS is not running.\n"


@pytest.mark.parametrize("port_text", ["0", "65536", "http"])
def test_an_invalid_port_is_refused(own_folder: Path, port_text: str) -> None:
    run = _command("up", "--folder", str(own_folder), "--port", port_text)
    assert run.returncode == 2
    assert "is not a port" in run.stderr
    assert not own_folder.exists()
