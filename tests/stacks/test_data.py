"""The data stack: Aurora, its proxy and the user pool."""

from pathlib import Path

import pytest

from tests.synthesis import API_FUNCTION, Synthesis, statements, synthesise


def test_the_database_is_encrypted_private_and_without_a_password(synthesis: Synthesis) -> None:
    data = synthesis.stacks["data"]
    cluster = data.only("aws_rds_cluster")
    assert cluster["storage_encrypted"] is True
    assert cluster["manage_master_user_password"] is True
    assert cluster["kms_key_id"] == cluster["master_user_secret_kms_key_id"]
    assert cluster["iam_database_authentication_enabled"] is True
    assert cluster["copy_tags_to_snapshot"] is True
    assert "availability_zones" not in cluster
    parameters = data.only("aws_rds_cluster_parameter_group")["parameter"]
    assert {"name": "rds.force_ssl", "value": "1"} in parameters
    subnets = data.only("aws_db_subnet_group")["subnet_ids"]
    assert len(subnets) == len(synthesis.settings.network.zones)
    assert all("isolated" in subnet for subnet in subnets)
    instances = data.resources("aws_rds_cluster_instance").values()
    assert not any(instance["publicly_accessible"] for instance in instances)


def test_there_is_one_writer_and_the_readers_of_the_settings(synthesis: Synthesis) -> None:
    data, settings = synthesis.stacks["data"], synthesis.settings.database
    instances = data.resources("aws_rds_cluster_instance").values()
    assert len(instances) == 1 + settings.readers
    assert {instance["instance_class"] for instance in instances} == {settings.instance_class}
    for instance in instances:
        assert instance["engine"] == data.reference("aws_rds_cluster", "engine")
        assert instance["engine_version"] == data.reference("aws_rds_cluster", "engine_version")
        assert instance["performance_insights_enabled"] is True
        assert instance["monitoring_interval"] == settings.monitoring_seconds


def test_logs_are_exported_to_a_group_that_exists_before_the_cluster(synthesis: Synthesis) -> None:
    data = synthesis.stacks["data"]
    cluster = data.only("aws_rds_cluster")
    groups = data.resources("aws_cloudwatch_log_group")
    expected = f"/aws/rds/cluster/{cluster['cluster_identifier']}/postgresql"
    (name,) = [name for name, group in groups.items() if group["name"] == expected]
    assert cluster["enabled_cloudwatch_logs_exports"] == ["postgresql"]
    assert f"aws_cloudwatch_log_group.{name}" in cluster["depends_on"]


def test_protection_and_final_snapshot_follow_the_settings(synthesis: Synthesis) -> None:
    data, settings = synthesis.stacks["data"], synthesis.settings.database
    cluster = data.only("aws_rds_cluster")
    assert cluster["deletion_protection"] is settings.deletion_protection
    assert cluster["skip_final_snapshot"] is not settings.final_snapshot
    assert ("final_snapshot_identifier" in cluster) is settings.final_snapshot
    if settings.final_snapshot:
        # The suffix lasts as long as the cluster, and its successor has another one.
        (life,) = data.resources("terraform_data")
        assert f"terraform_data.{life}.id" in cluster["final_snapshot_identifier"]


def test_environments_with_customers_are_protected_against_data_loss() -> None:
    from modules.settings import load_settings

    for name in ("staging", "prod"):
        settings = load_settings(environment=name, variables={}).settings
        assert settings.database.deletion_protection
        assert settings.database.final_snapshot
        assert not settings.log_archive.force_destroy
        assert not settings.registry.force_delete


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        (
            {"PLATFORM__DATABASE__SERVERLESS__MIN_CAPACITY": "1"},
            {"min_capacity": 1, "max_capacity": 4},
        ),
        ({}, {"min_capacity": 0, "max_capacity": 4, "seconds_until_auto_pause": 1800}),
        ({"PLATFORM__DATABASE__INSTANCE_CLASS": "db.r7g.large"}, None),
    ],
)
def test_capacity_is_serverless_or_a_fixed_class(
    tmp_path: Path, variables: dict[str, str], expected: dict[str, float] | None
) -> None:
    data = synthesise("dev", folder=tmp_path, variables=variables).stacks["data"]
    assert data.only("aws_rds_cluster").get("serverlessv2_scaling_configuration") == expected


def test_the_settings_decide_whether_there_is_a_proxy(synthesis: Synthesis) -> None:
    data, service = synthesis.stacks["data"], synthesis.stacks["service"]
    hosts = service.only("aws_lambda_function", within=API_FUNCTION)["environment"]["variables"]
    proxied = "aws_db_proxy" in hosts["DATABASE_WRITER_HOST"]
    assert proxied == bool(synthesis.settings.database.proxy)
    if not synthesis.settings.database.proxy:
        assert data.resources("aws_db_proxy") == {}
        return
    proxy = data.only("aws_db_proxy")
    assert proxy["require_tls"] is True
    (role,) = [
        policy
        for name, policy in data.resources("aws_iam_role_policy").items()
        if name.startswith("proxy")
    ]
    actions = {action for entry in statements(role["policy"]) for action in entry["Action"]}
    assert actions == {"secretsmanager:GetSecretValue", "kms:Decrypt"}


def test_the_user_pool_is_protected_and_browser_clients_have_no_secret(
    synthesis: Synthesis,
) -> None:
    data, settings = synthesis.stacks["data"], synthesis.settings.user_pool
    pool = data.only("aws_cognito_user_pool")
    protected = pool["deletion_protection"] == "ACTIVE"
    assert protected is settings.deletion_protection
    assert pool["username_configuration"] == {"case_sensitive": False}
    assert pool["password_policy"]["minimum_length"] >= 12
    clients = data.resources("aws_cognito_user_pool_client").values()
    for client in clients:
        assert client["generate_secret"] is False
        assert client["allowed_oauth_flows"] == ["code"]
        assert client["prevent_user_existence_errors"] == "ENABLED"
    # A customer's client cannot request the scopes of staff, nor the other way round.
    scopes = {
        client["name"].removeprefix(f"{synthesis.settings.prefix}-"): [
            scope.rpartition("/")[2] for scope in client["allowed_oauth_scopes"]
        ]
        for client in clients
    }
    assert scopes == {
        "shop": ["email", "openid", "orders.read", "orders.write"],
        "back-office": ["email", "openid", "products.write"],
    }


def test_the_api_secret_is_created_empty_and_can_be_recreated_at_once(synthesis: Synthesis) -> None:
    data = synthesis.stacks["data"]
    secrets = data.resources("aws_secretsmanager_secret").values()
    assert len(secrets) == (3 if synthesis.settings.database.proxy else 1)
    for secret in secrets:
        assert secret["kms_key_id"] == data.only("aws_rds_cluster")["kms_key_id"]
        assert secret["recovery_window_in_days"] == 0
    assert data.resources("aws_secretsmanager_secret_version") == {}
