"""The secret that RDS makes for a cluster."""

import json
from typing import TYPE_CHECKING, cast

import pytest
from mypy_boto3_rds import RDSClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_secretsmanager import SecretsManagerClient

pytestmark = pytest.mark.local_aws


def test_each_managed_secret_holds_the_clusters_user_and_its_own_password(
    rds: RDSClient, connect: "Callable[..., object]"
) -> None:
    secrets = cast("SecretsManagerClient", connect("secretsmanager", region="eu-west-1"))
    contents: list[dict[str, str]] = []
    for name in ("one", "two"):
        cluster = rds.create_db_cluster(
            DBClusterIdentifier=f"secret-{name}",
            Engine="aurora-postgresql",
            MasterUsername=f"{name}_master",
            ManageMasterUserPassword=True,
        )["DBCluster"]
        arn = cluster.get("MasterUserSecret", {}).get("SecretArn", "")
        contents.append(json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"]))
        rds.delete_db_cluster(DBClusterIdentifier=f"secret-{name}", SkipFinalSnapshot=True)
    assert [content["username"] for content in contents] == ["one_master", "two_master"]
    assert contents[0]["password"] != contents[1]["password"]


def test_a_managed_secret_stays_when_a_change_asks_for_one_again(
    rds: RDSClient, connect: "Callable[..., object]"
) -> None:
    secrets = cast("SecretsManagerClient", connect("secretsmanager", region="eu-west-1"))
    created = rds.create_db_cluster(
        DBClusterIdentifier="managed",
        Engine="aurora-postgresql",
        MasterUsername="master",
        ManageMasterUserPassword=True,
    )["DBCluster"]
    before = len(secrets.list_secrets()["SecretList"])

    modified = rds.modify_db_cluster(
        DBClusterIdentifier="managed", ManageMasterUserPassword=True, ApplyImmediately=True
    )["DBCluster"]

    arns = [each.get("MasterUserSecret", {}).get("SecretArn") for each in (created, modified)]
    assert arns[0] == arns[1]
    assert len(secrets.list_secrets()["SecretList"]) == before
    rds.delete_db_cluster(DBClusterIdentifier="managed", SkipFinalSnapshot=True)
