"""A server of the embedded AWS for all tests, and boto3 clients for it."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import cast

import botocore.session
import pytest
from botocore.client import BaseClient
from mypy_boto3_application_autoscaling import ApplicationAutoScalingClient
from mypy_boto3_ec2 import EC2Client
from mypy_boto3_ecr import ECRClient
from mypy_boto3_iam import IAMClient
from mypy_boto3_kms import KMSClient
from mypy_boto3_lambda import LambdaClient
from mypy_boto3_rds import RDSClient

from local_aws import control
from local_aws.access.credentials import read_credentials
from tests.ports import free_port

Connect = Callable[..., BaseClient]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def own_folder(tmp_path: Path) -> Generator[Path]:
    """Return a folder for a test's own server, which is stopped after the test."""
    folder = tmp_path / "local aws"
    yield folder
    control.stop(folder=folder)


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[control.Server]:
    folder = tmp_path_factory.mktemp("local-aws")
    yield control.start(port=free_port(), folder=folder)
    assert control.stop(folder=folder)


@pytest.fixture(scope="session")
def connect(shared_server: control.Server) -> Connect:
    """Return a function that creates a client of the shared server, or of another one."""
    session = botocore.session.get_session()  # it has better types than boto3

    def client(service: str, *, server: control.Server = shared_server, region: str) -> BaseClient:
        own = read_credentials(server.credentials_file)
        return session.create_client(
            service,
            region_name=region,
            endpoint_url=server.url,
            aws_access_key_id=own.access_key_id,
            aws_secret_access_key=own.secret_access_key,
        )

    return client


@pytest.fixture
def region() -> str:
    return "eu-west-1"


@pytest.fixture
def ec2(connect: Connect, region: str) -> EC2Client:
    return cast("EC2Client", connect("ec2", region=region))


@pytest.fixture
def ecr(connect: Connect, region: str) -> ECRClient:
    return cast("ECRClient", connect("ecr", region=region))


@pytest.fixture
def functions(connect: Connect, region: str) -> LambdaClient:
    return cast("LambdaClient", connect("lambda", region=region))


@pytest.fixture
def iam(connect: Connect, region: str) -> IAMClient:
    return cast("IAMClient", connect("iam", region=region))


@pytest.fixture
def kms(connect: Connect, region: str) -> KMSClient:
    return cast("KMSClient", connect("kms", region=region))


@pytest.fixture
def rds(connect: Connect, region: str) -> RDSClient:
    return cast("RDSClient", connect("rds", region=region))


@pytest.fixture
def scaling(connect: Connect, region: str) -> ApplicationAutoScalingClient:
    return cast("ApplicationAutoScalingClient", connect("application-autoscaling", region=region))
