"""Starting, finding and stopping the embedded AWS."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from mypy_boto3_rds import RDSClient

from local_aws import control, processes
from local_aws.errors import LocalAwsError
from local_aws.processes import find_process
from tests.local_aws.deployed_functions import DeployedFunctions, eventually

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
    rds = cast("RDSClient", connect("rds", server=server, region="eu-west-1"))
    cluster = rds.create_db_cluster(
        DBClusterIdentifier="shop",
        Engine="aurora-postgresql",
        MasterUsername="shop",
        ManageMasterUserPassword=True,
    )["DBCluster"]
    data = server.workspace / cluster.get("DbClusterResourceId", "") / "data"
    return server, int((data / "postmaster.pid").read_text().splitlines()[0])


def _watches(database: int) -> list[int]:
    """Return the shells that would end a database with its server."""
    listing = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True
    )
    return [
        int(line.split()[0])
        for line in listing.stdout.splitlines()
        if line.endswith(f"watch INT {database}")
    ]


def _assert_gone(server: control.Server, database: int) -> None:
    assert not server.workspace.exists()
    assert find_process(database) is None
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
    assert find_process(database[1]) is None


def test_stopping_ends_a_database_that_outlived_its_server(
    own_folder: Path, database: tuple[control.Server, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, postgres = database
    for process in (server.pid, *_watches(postgres)):
        os.kill(process, signal.SIGKILL)
    os.waitpid(server.pid, 0)
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.1)

    assert find_process(postgres) is not None
    assert not control.stop(folder=own_folder)
    _assert_gone(server, postgres)


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
    server = control.start(port=port, folder=own_folder)
    os.kill(server.pid, signal.SIGKILL)
    os.waitpid(server.pid, 0)
    file = own_folder / "server.json"
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        record = json.loads(file.read_text()) | {"pid": bystander.pid}
        file.write_text(json.dumps(record))

        assert not control.stop(folder=own_folder)
        assert bystander.poll() is None
        assert not server.workspace.exists()


def test_stopping_spares_a_process_that_only_reads_a_file_of_the_workspace(
    own_folder: Path, database: tuple[control.Server, int]
) -> None:
    server, _ = database
    (log,) = server.workspace.glob("cluster-*/server.log")
    with subprocess.Popen(["tail", "-f", log], stdout=subprocess.DEVNULL) as reader:
        assert control.stop(folder=own_folder)
        assert reader.poll() is None
        reader.kill()


def test_the_next_start_ends_functions_that_outlived_a_killed_server(
    own_folder: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = control.start(port=port, folder=own_folder)
    deployed = DeployedFunctions(server=server)
    # A busy function does not notice that its server is gone.
    busy = deployed.deploy("exports.handler = async () => { for (;;); };")
    deployed.functions.invoke(FunctionName=busy, InvocationType="Event")
    records = server.workspace / "processes"
    eventually(lambda: any(records.glob("*")))
    (record,) = records.glob("*")
    os.kill(server.pid, signal.SIGKILL)
    os.waitpid(server.pid, 0)
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.5)

    control.start(port=port, folder=own_folder)
    assert find_process(int(record.name)) is None
    assert not server.workspace.exists()


def test_a_copied_folder_does_not_control_the_server_of_the_original(
    own_folder: Path, port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = control.start(port=port, folder=own_folder)
    copy = tmp_path / "copy"
    shutil.copytree(own_folder, copy)
    moved_back = tmp_path / "elsewhere"

    assert control.status(folder=copy) is None
    assert not control.stop(folder=copy)
    assert capsys.readouterr().err.splitlines() == [
        f"Ignoring {copy}/server.json: it records the server of {own_folder}.",
        f"Ignoring {copy}/server.json: it records the server of {own_folder}.",
    ]
    assert not (copy / "credentials").exists()
    assert control.status(folder=own_folder) == replace(server, started=False)

    # A copy at the path of the original is a copy too.
    own_folder.rename(moved_back)
    shutil.copytree(moved_back, own_folder)
    assert control.status(folder=own_folder) is None
    shutil.rmtree(own_folder)
    moved_back.rename(own_folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_root_writes_no_file_into_a_folder_of_another_user(own_folder: Path, port: int) -> None:
    own_folder.mkdir()
    target = own_folder.with_name("of-root")
    target.write_text("untouched")
    for name in ("server.json", "server.log", "server.lock", "credentials"):
        (own_folder / name).symlink_to(target)
    os.chown(own_folder, 65534, 65534)

    for command in (partial(control.start, port=port), control.stop):
        with pytest.raises(LocalAwsError, match="belongs to another user"):
            command(folder=own_folder)
    assert target.read_text() == "untouched"
    shutil.rmtree(own_folder)


def test_a_symbolic_link_is_never_written_through(own_folder: Path, port: int) -> None:
    own_folder.mkdir()
    target = own_folder.with_name("target")
    target.write_text("untouched")
    for name in ("server.json", "credentials"):
        (own_folder / name).symlink_to(target)
    control.start(port=port, folder=own_folder)
    assert not (own_folder / "credentials").is_symlink()
    assert control.stop(folder=own_folder)

    (own_folder / "server.log").unlink()
    (own_folder / "server.log").symlink_to(target)
    with pytest.raises(LocalAwsError, match=r"server\.log is a symbolic link"):
        control.start(port=port, folder=own_folder)
    assert target.read_text() == "untouched"


def test_only_the_user_may_read_the_files_of_a_server(own_folder: Path, port: int) -> None:
    own_folder.mkdir(mode=0o755)
    control.start(port=port, folder=own_folder)
    assert stat.S_IMODE(own_folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in own_folder.iterdir()} == {0o600}


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
