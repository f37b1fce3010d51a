"""The proxies that run for RDS Proxy: who may sign in, and when a target is available."""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any, cast
from uuid import uuid4

import psycopg
import pytest
from mypy_boto3_ec2 import EC2Client
from mypy_boto3_rds import RDSClient
from psycopg.conninfo import make_conninfo

from local_aws import control
from tests.local_aws.conftest import Connect
from tests.local_aws.deployed_functions import DeployedFunctions, Statement

pytestmark = pytest.mark.local_aws

MASTER_PASSWORD = "of a cluster that ends with this test"  # noqa: S105
TRUST = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "rds.amazonaws.com"},
}


@dataclass(frozen=True, kw_only=True)
class _Front:
    """A cluster with the database `orders` and the user `api_1`, and a proxy in front of it."""

    aws: DeployedFunctions
    rds: RDSClient
    workspace: Path
    cluster: str
    name: str
    key: str
    secret: str

    def connect(self, host: str, *, port: int = 5432, **details: Any) -> psycopg.Connection:  # noqa: ANN401  # as psycopg takes it
        hosts = json.loads((self.workspace / "hosts.json").read_text())
        address, _, local_port = hosts[f"{host}:{port}"].partition(":")
        return psycopg.connect(
            make_conninfo(
                "",
                **{
                    "host": host,
                    "hostaddr": address,
                    "port": int(local_port),
                    "dbname": "orders",
                    "sslmode": "verify-full",
                    "sslrootcert": str(self.workspace / "ca.pem"),
                }
                | details,
            )
        )

    def as_master(self, *statements: str) -> None:
        (cluster,) = self.rds.describe_db_clusters(DBClusterIdentifier=self.cluster)["DBClusters"]
        with self.connect(
            cluster.get("Endpoint", ""), user="shop_master", password=MASTER_PASSWORD
        ) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    @property
    def host(self) -> str:
        (proxy,) = self.rds.describe_db_proxies(DBProxyName=self.name)["DBProxies"]
        return proxy.get("Endpoint", "")

    def sign_in(self, password: str, *, user: str = "api_1", host: str = "") -> psycopg.Connection:
        return self.connect(host or self.host, user=user, password=password)

    def write(self, password: str) -> None:
        """Give the user a password, and write it into the secret."""
        self.as_master(f"alter role api_1 password '{password}'")
        content = {"username": "api_1", "password": password}
        self.aws.secrets.put_secret_value(SecretId=self.secret, SecretString=json.dumps(content))

    def role(self, *, trust: Mapping[str, Any] = TRUST, decrypt: bool = True) -> str:
        read = {
            "Effect": "Allow",
            "Action": "secretsmanager:GetSecretValue",
            "Resource": self.secret,
        }
        use_key: Statement = {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": self.key,
            "Condition": {
                "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}
            },
        }
        document = {"Version": "2012-10-17", "Statement": [trust]}
        return self.aws.role(read, *([use_key] if decrypt else []), trust=document)

    def health(self) -> tuple[str, str]:
        """Return state and reason of the proxy's only target."""
        (target,) = self.rds.describe_db_proxy_targets(DBProxyName=self.name)["Targets"]
        health = target.get("TargetHealth", {})
        return health.get("State", ""), health.get("Reason", "")


@pytest.fixture
def subnet(ec2: EC2Client) -> str:
    vpc = ec2.create_vpc(CidrBlock="10.4.0.0/16")["Vpc"].get("VpcId", "")
    return ec2.create_subnet(VpcId=vpc, CidrBlock="10.4.0.0/24")["Subnet"].get("SubnetId", "")


@pytest.fixture(scope="module")
def cluster(connect: Connect) -> Generator[str]:
    """Return the name of a cluster."""
    rds = cast("RDSClient", connect("rds", region="eu-west-1"))
    name = f"behind-{uuid4().hex[:8]}"
    rds.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-postgresql",
        MasterUsername="shop_master",
        MasterUserPassword=MASTER_PASSWORD,
        DatabaseName="orders",
        Port=5432,
    )
    yield name
    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)


@pytest.fixture
def front(
    shared_server: control.Server, rds: RDSClient, cluster: str, subnet: str
) -> Generator[_Front]:
    aws = DeployedFunctions(server=shared_server)
    name = f"front-{uuid4().hex[:8]}"
    key = aws.kms.create_key()["KeyMetadata"].get("Arn", "")
    front = _Front(
        aws=aws,
        rds=rds,
        workspace=shared_server.workspace,
        cluster=cluster,
        name=name,
        key=key,
        secret=aws.secrets.create_secret(Name=name, KmsKeyId=key)["ARN"],
    )
    rds.create_db_proxy(
        DBProxyName=name,
        EngineFamily="POSTGRESQL",
        Auth=[{"AuthScheme": "SECRETS", "SecretArn": front.secret}],
        RoleArn=front.role(),
        VpcSubnetIds=[subnet],
    )
    rds.register_db_proxy_targets(DBProxyName=name, DBClusterIdentifiers=[cluster])
    front.as_master("create role api_1 login")
    yield front
    front.as_master(
        "grant connect on database orders to public",
        "revoke connect on database orders from api_1, rdsproxyadmin",
        "drop role api_1",
    )
    rds.delete_db_proxy(DBProxyName=name)


def test_the_user_in_the_newest_value_of_a_secret_may_sign_in(front: _Front) -> None:
    assert front.health() == ("UNAVAILABLE", "AUTH_FAILURE")  # the secret has no value yet
    front.write("first")
    assert front.health() == ("AVAILABLE", "")
    with front.sign_in("first") as connection:
        (rows,) = connection.execute("select repeat('x', 1000000)").fetchone() or ("",)
        assert len(rows) == 1_000_000
        front.write("second")
        assert connection.execute("select current_user").fetchone() == ("api_1",)
    front.sign_in("second").close()
    with pytest.raises(psycopg.OperationalError, match="for the role api_1 is wrong"):
        front.sign_in("first")


def test_a_user_that_no_secret_names_may_not_sign_in(front: _Front) -> None:
    front.write("known")
    with pytest.raises(psycopg.OperationalError, match="has no credentials for the role shop_"):
        front.sign_in(MASTER_PASSWORD, user="shop_master")


def test_a_secret_that_the_database_does_not_accept_is_of_no_use(front: _Front) -> None:
    front.write("current")
    front.as_master("alter role api_1 password 'another'")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        front.sign_in("current")


@pytest.mark.parametrize("key", ["aws:SourceAccount", "aws:SourceArn"])
def test_a_proxy_cannot_assume_a_role_that_demands_a_source(front: _Front, key: str) -> None:
    front.write("known")
    condition = {"StringLike": {key: "*123456789012*"}}
    role = front.role(trust=TRUST | {"Condition": condition})
    front.rds.modify_db_proxy(DBProxyName=front.name, RoleArn=role)

    assert front.health() == ("UNAVAILABLE", "AUTH_FAILURE")
    with pytest.raises(psycopg.OperationalError, match="has no credentials for the role api_1"):
        front.sign_in("known")


def test_a_proxy_needs_permission_to_decrypt_its_secrets(front: _Front) -> None:
    front.write("known")
    front.rds.modify_db_proxy(DBProxyName=front.name, RoleArn=front.role(decrypt=False))

    assert front.health() == ("UNAVAILABLE", "AUTH_FAILURE")
    with pytest.raises(psycopg.OperationalError, match="has no credentials for the role api_1"):
        front.sign_in("known")


def test_a_target_is_unavailable_until_the_proxys_own_user_may_connect(front: _Front) -> None:
    front.write("known")
    front.as_master(
        "revoke all on database orders from public", "grant connect on database orders to api_1"
    )
    assert front.health() == ("UNAVAILABLE", "CONNECTION_FAILED")
    with pytest.raises(psycopg.OperationalError, match="acquire database connection"):
        front.sign_in("known")

    front.as_master("grant connect on database orders to rdsproxyadmin")
    assert front.health() == ("AVAILABLE", "")
    front.sign_in("known").close()


def test_every_endpoint_of_a_proxy_has_a_name_of_its_own(front: _Front, subnet: str) -> None:
    front.write("known")
    readers = front.rds.create_db_proxy_endpoint(
        DBProxyName=front.name,
        DBProxyEndpointName=f"{front.name}-readers",
        VpcSubnetIds=[subnet],
        TargetRole="READ_ONLY",
    )["DBProxyEndpoint"].get("Endpoint", "")
    assert readers != front.host
    for host in (front.host, readers):
        front.sign_in("known", host=host).close()

    front.rds.delete_db_proxy_endpoint(DBProxyEndpointName=f"{front.name}-readers")
    with pytest.raises(KeyError):
        front.sign_in("known", host=readers)


def test_a_proxy_refuses_connections_without_tls(front: _Front) -> None:
    front.write("known")
    with pytest.raises(psycopg.OperationalError, match="requires TLS"):
        front.connect(front.host, user="api_1", password="known", sslmode="disable")  # noqa: S106


def test_a_statement_can_be_cancelled_through_a_proxy(front: _Front) -> None:
    front.write("known")
    with front.sign_in("known") as connection:
        connection.execute("set statement_timeout = '20s'")
        Timer(0.5, connection.cancel).start()
        with pytest.raises(psycopg.errors.QueryCanceled, match="user request"):
            connection.execute("select pg_sleep(15)")


def test_a_proxy_without_a_target_signs_nobody_in(front: _Front) -> None:
    front.write("known")
    front.rds.deregister_db_proxy_targets(
        DBProxyName=front.name, DBClusterIdentifiers=[front.cluster]
    )
    with pytest.raises(psycopg.OperationalError, match="acquire database connection"):
        front.sign_in("known")
