"""A real server of the embedded AWS, started once, and sessions that talk to it."""  # noqa: INP001  # a package here would hide the real local_aws

import socket
from collections.abc import Generator
from pathlib import Path

import boto3
import pytest

from local_aws import control

REGION = "eu-west-1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def own_folder(tmp_path: Path) -> Generator[Path]:
    """A folder for a test's own server, which is stopped whatever happens."""
    folder = tmp_path / "local aws"
    yield folder
    control.stop(folder=folder)


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[control.Server]:
    folder = tmp_path_factory.mktemp("local-aws")
    yield control.start(port=free_port(), folder=folder)
    assert control.stop(folder=folder)


@pytest.fixture
def aws(shared_server: control.Server, monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
    """A session whose clients talk to the shared server."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", shared_server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    return boto3.Session(region_name=REGION)
