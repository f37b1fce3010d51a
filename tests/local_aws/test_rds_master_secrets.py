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
