"""The PostgreSQL servers that run for Aurora clusters."""

import json
import os
import signal
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import uuid4

import psycopg
import pytest
from mypy_boto3_rds import RDSClient
from psycopg.conninfo import make_conninfo

from local_aws import control

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

pytestmark = pytest.mark.local_aws


@dataclass(frozen=True)
class _Cluster:
    """A cluster, as a client in the VPC sees it."""

    rds: RDSClient
    name: str
    workspace: Path

    @property
    def described(self) -> dict[str, str]:
        (cluster,) = self.rds.describe_db_clusters(DBClusterIdentifier=self.name)["DBClusters"]
        return cast("dict[str, str]", cluster)

    @property
    def folder(self) -> Path:
        return self.workspace / self.described["DbClusterResourceId"]

    @property
    def pid(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    def addresses(self) -> dict[str, str]:
        return json.loads((self.workspace / "hosts.json").read_text())

    def connect(self, password: str, *, host: str = "", port: int = 5433) -> psycopg.Connection:
        """Connect by a host name of the VPC, as functions do, and verify TLS."""
        host = host or self.described["Endpoint"]
        address, _, local_port = self.addresses()[f"{host}:{port}"].partition(":")
        return psycopg.connect(
            make_conninfo(
                "",
                host=host,
                hostaddr=address,
                port=int(local_port),
                user="shop_master",
                password=password,
                dbname="orders",
                sslmode="verify-full",
                sslrootcert=str(self.workspace / "ca.pem"),
            )
        )


@pytest.fixture(scope="module")
def cluster(shared_server: control.Server, connect: Callable[..., object]) -> Generator[_Cluster]:
    """Return a cluster with a managed secret, its own port and one instance."""
    rds = cast("RDSClient", connect("rds", region="eu-west-1"))
    cluster = _Cluster(rds, f"real-{uuid4().hex[:8]}", shared_server.workspace)
    rds.create_db_cluster(
        DBClusterIdentifier=cluster.name,
        Engine="aurora-postgresql",
        EngineVersion="16.6",
        MasterUsername="shop_master",
        ManageMasterUserPassword=True,
        DatabaseName="orders",
        Port=5433,
    )
    rds.create_db_instance(
        DBInstanceIdentifier=f"{cluster.name}-1",
        DBClusterIdentifier=cluster.name,
        DBInstanceClass="db.serverless",
        Engine="aurora-postgresql",
    )
    yield cluster
    rds.delete_db_instance(DBInstanceIdentifier=f"{cluster.name}-1")
    rds.delete_db_cluster(DBClusterIdentifier=cluster.name, SkipFinalSnapshot=True)


@pytest.fixture
def secrets(connect: Callable[..., object]) -> "SecretsManagerClient":
    return cast("SecretsManagerClient", connect("secretsmanager", region="eu-west-1"))


@pytest.fixture
def password(cluster: _Cluster, secrets: "SecretsManagerClient") -> Callable[[], str]:
    """Return a function that reads the current master password from the managed secret."""

    def password() -> str:
        arn = cast("dict[str, dict[str, str]]", cluster.described)["MasterUserSecret"]["SecretArn"]
        return json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])["password"]

    return password


def test_the_managed_secrets_user_can_connect_to_both_endpoints(
    cluster: _Cluster, password: Callable[[], str]
) -> None:
    with cluster.connect(password()) as writer:
        writer.execute("create table written (value int)")
        writer.execute("insert into written values (1)")
    with cluster.connect(password(), host=cluster.described["ReaderEndpoint"]) as reader:
        assert reader.execute("select value from written").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        cluster.connect("P@55w0rd!")


def test_the_password_changes_with_the_managed_secret(
    cluster: _Cluster, password: Callable[[], str], secrets: "SecretsManagerClient"
) -> None:
    used = [password()]
    arn = cast("dict[str, dict[str, str]]", cluster.described)["MasterUserSecret"]["SecretArn"]
    secrets.rotate_secret(SecretId=arn)
    used.append(password())
    cluster.connect(used[1]).close()
    cluster.rds.modify_db_cluster(
        DBClusterIdentifier=cluster.name, RotateMasterUserPassword=True, ApplyImmediately=True
    )
    used.append(password())
    cluster.connect(used[2]).close()

    assert len(set(used)) == 3
    for old in used[:2]:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            cluster.connect(old)


def test_rebooting_the_writer_restarts_a_crashed_server(
    cluster: _Cluster, password: Callable[[], str]
) -> None:
    with cluster.connect(password()) as connection:
        connection.execute("create table kept (value int)")
    crashed = cluster.pid
    os.kill(crashed, signal.SIGKILL)
    with pytest.raises(psycopg.OperationalError):
        cluster.connect(password())

    cluster.rds.reboot_db_instance(DBInstanceIdentifier=f"{cluster.name}-1")

    assert cluster.pid != crashed
    with cluster.connect(password()) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


def test_a_stopped_cluster_refuses_connections(
    cluster: _Cluster, password: Callable[[], str]
) -> None:
    cluster.rds.stop_db_cluster(DBClusterIdentifier=cluster.name)
    with pytest.raises(psycopg.OperationalError, match="Connection refused"):
        cluster.connect(password())
    cluster.rds.start_db_cluster(DBClusterIdentifier=cluster.name)
    cluster.connect(password()).close()


def test_deleting_a_cluster_deletes_its_server(
    rds: RDSClient, shared_server: control.Server
) -> None:
    name = f"short-{uuid4().hex[:8]}"
    cluster = _Cluster(rds, name, shared_server.workspace)
    before = cluster.addresses()
    rds.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-postgresql",
        EngineVersion="15.4",
        MasterUsername="shop_master",
        MasterUserPassword="first-password",  # the server ends with this test
        DatabaseName="orders",
        Port=5433,
    )
    folder, pid = cluster.folder, cluster.pid
    rds.modify_db_cluster(
        DBClusterIdentifier=name,
        MasterUserPassword="second-password",
        ApplyImmediately=True,
    )
    with cluster.connect("second-password") as connection:
        assert connection.info.server_version // 10_000 == 16

    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)

    assert not folder.exists()
    assert cluster.addresses() == before
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_cluster_with_a_reserved_user_is_not_created(rds: RDSClient) -> None:
    with pytest.raises(rds.exceptions.ClientError, match="rdsadmin cannot be used"):
        rds.create_db_cluster(
            DBClusterIdentifier="impossible",
            Engine="aurora-postgresql",
            MasterUsername="rdsadmin",
            ManageMasterUserPassword=True,
            DeletionProtection=True,
        )
    with pytest.raises(rds.exceptions.DBClusterNotFoundFault):
        rds.describe_db_clusters(DBClusterIdentifier="impossible")
