"""Rules across fields, each with settings that break only this rule."""

import pytest

from modules.settings import Settings, SettingsError, load_settings
from modules.settings.service import DATABASE_TRANSACTION_SECONDS

NIGHT = "[{name: night, schedule: rate(1 day), min_capacity: %d, max_capacity: %d}]"


def _schedule(when: str, zone: str) -> str:
    return f"[{{name: n, schedule: {when}, timezone: {zone}, min_capacity: 1, max_capacity: 2}}]"


BROKEN = [
    ("dev", {"suffix": "a23456789012345"}, "suffix"),
    ("dev", {"state": "null"}, "state"),
    ("dev", {"account_id": "null"}, "account_id"),
    ("dev", {"network.cidr": "127.0.0.0/16"}, "network.cidr"),
    ("dev", {"tags.cost_center": "R&D"}, "tags.cost_center"),
    ("dev", {"database.backup_window": "02:00-02:20"}, "database.backup_window"),
    ("dev", {"database.backup_window": "23:50-04:00"}, "database.maintenance_window"),
    ("dev", {"database.maintenance_window": "sun:02:30-sun:03:30"}, "database.maintenance_window"),
    ("staging", {"database.proxy.max_connections_percent": "20"},
     "database.proxy.max_idle_connections_percent"),
    ("local", {"state": "{bucket: bucket, region: eu-west-1}"}, "state"),
    ("local", {"local_aws.credentials_file": "/keys"}, "local_aws.credentials_file"),
    ("dev", {"network.cidr": "10.0.0.0/23"}, "network.cidr"),
    ("dev", {"network.cidr": "10.0.0.0/15"}, "network.cidr"),
    ("dev", {"network.cidr": "8.8.0.0/16"}, "network.cidr"),
    ("dev", {"network.zones": "[a, a]"}, "network.zones"),
    ("dev", {"network.zones": "[a]"}, "network.zones"),
    ("dev", {"network.interface_endpoints": "[kms, kms]"}, "network.interface_endpoints"),
    ("dev", {"network.flow_logs.retention_days": "31"}, "network.flow_logs.retention_days"),
    ("dev",
     {"log_archive.glacier_days": "60", "log_archive.infrequent_access_days": "31"},
     "log_archive.glacier_days"),
    ("dev",
     {"log_archive.expiration_days": "61", "log_archive.glacier_days": "61"},
     "log_archive.expiration_days"),
    ("dev", {"log_archive.infrequent_access_days": "29"}, "log_archive.infrequent_access_days"),
    ("dev", {"database.serverless.min_capacity": "4.5"}, "database.serverless.min_capacity"),
    ("dev", {"database.serverless.max_capacity": "4.2"}, "database.serverless.max_capacity"),
    ("dev", {"database.proxy": "{}"}, "database.proxy"),
    ("dev", {"database.master_username": "admin"}, "database.master_username"),
    ("dev", {"database.instance_class": "db.r7g.medium"}, "database.instance_class"),
    ("dev", {"database.performance_insights_days": "30"}, "database.performance_insights_days"),
    ("dev", {"function.connect_timeout_seconds": "15"}, "function.connect_timeout_seconds"),
    ("dev", {"function.connect_timeout_seconds": "28"}, "function.connect_timeout_seconds"),
    ("dev", {"function.timeout_seconds": "27"}, "function.connect_timeout_seconds"),
    ("dev", {"function.connect_timeout_seconds": "21"}, "function.connect_timeout_seconds"),
    ("dev", {"function.timeout_seconds": "30"}, "function.timeout_seconds"),
    ("dev", {"function.reserved_concurrency": "60"}, "function.reserved_concurrency"),
    ("dev", {"project": "awsome"}, "project"),
    ("prod", {"user_pool.callback_urls": "[http://localhost:3000/]"}, "user_pool.callback_urls"),
    ("prod",
     {"function.provisioned_concurrency.min_capacity": "101"},
     "function.provisioned_concurrency.min_capacity"),
    ("staging",
     {"function.provisioned_concurrency.max_capacity": "49"},
     "function.reserved_concurrency"),
    ("prod", {"function.reserved_concurrency": "119"}, "function.reserved_concurrency"),
    ("staging",
     {"function.provisioned_concurrency.schedules": NIGHT % (24, 24)},
     "function.reserved_concurrency"),
    ("dev", {"edge.catalog_max_seconds": "0", "edge.catalog_default_seconds": "0"},
     "edge.catalog_max_seconds"),
    ("staging",
     {"function.provisioned_concurrency.schedules": NIGHT % (3, 2)},
     "function.provisioned_concurrency.schedules.0.min_capacity"),
    ("staging",
     {"function.provisioned_concurrency.schedules": NIGHT % (1, 60)},
     "function.reserved_concurrency"),
    *(
        ("staging", {"function.provisioned_concurrency.schedules": _schedule(when, zone)},
         f"function.provisioned_concurrency.schedules.0.{key}")
        for when, zone, key in (
            ("at(2030-01-01T00:00:00)", "UTC", "schedule"), ("rate(0 days)", "UTC", "schedule"),
            ("cron(0 22 * * *)", "UTC", "schedule"), ("rate(1 day)", "Mars/Phobos", "timezone"),
        )
    )]  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "overrides", "key"), BROKEN, ids=[f"{env}:{key}" for env, _, key in BROKEN]
)
def test_the_error_of_a_broken_rule_names_the_key_to_change(
    environment: str, overrides: dict[str, str], key: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(environment=environment, variables=_variables(overrides))
    (line,) = str(caught.value).splitlines()
    assert f": {key}: " in line


@pytest.mark.parametrize(
    ("environment", "overrides"),
    [
        ("dev", {"suffix": "a2345678901234"}),
        ("dev", {"network.cidr": "10.0.0.0/22"}),
        ("dev", {"function.reserved_concurrency": "50"}),
        ("dev", {"function.connect_timeout_seconds": "16"}),
        ("dev", {"function.timeout_seconds": "29", "function.connect_timeout_seconds": "21"}),
        (
            "dev",
            {
                "database.proxy": "{}",
                "database.serverless.min_capacity": "0.5",
            },
        ),
        (
            "dev",
            {
                "database.instance_class": "db.t4g.medium",
                "function.reserved_concurrency": "200",
            },
        ),
    ],
)
def test_settings_at_the_edge_of_a_rule_are_accepted(
    environment: str, overrides: dict[str, str]
) -> None:
    assert load_settings(environment=environment, variables=_variables(overrides)).settings


def test_a_retry_of_database_work_fits_into_the_longest_accepted_timeouts() -> None:
    variables = _variables({"function.connect_timeout_seconds": "20"})
    function = load_settings(environment="dev", variables=variables).settings.function
    attempt = function.connect_timeout_seconds + DATABASE_TRANSACTION_SECONDS
    assert function.database_budget_seconds == function.timeout_seconds - 1
    assert function.database_budget_seconds - attempt == 1


def _variables(overrides: dict[str, str]) -> dict[str, str]:
    """Return environment variables that override these keys."""
    return {f"PLATFORM__{key.replace('.', '__')}".upper(): text for key, text in overrides.items()}


def test_environments_differ_where_they_should() -> None:
    dev, staging, prod, local = (
        load_settings(environment=name, variables={}).settings
        for name in ("dev", "staging", "prod", "local")
    )
    assert dev.database.can_pause
    assert dev.network.nat_gateways == "single"
    assert dev.function.provisioned_concurrency is None
    assert len(prod.network.zones) > len(dev.network.zones)
    assert prod.network.nat_gateways == "per_zone"
    assert prod.database.serverless.max_capacity > staging.database.serverless.max_capacity
    assert prod.database.backup_retention_days > dev.database.backup_retention_days
    assert prod.function.log_retention_days > dev.function.log_retention_days
    assert _shape(local) == _shape(prod)
    assert not local.database.deletion_protection
    assert not local.database.final_snapshot
    assert local.log_archive.force_destroy
    assert local.registry.force_delete


def _shape(settings: Settings) -> tuple[object, ...]:
    """Return the settings that decide which resources exist."""
    provisioned = settings.function.provisioned_concurrency
    return (
        settings.network.zones,
        settings.network.nat_gateways,
        settings.network.interface_endpoints,
        settings.database.readers,
        settings.database.is_serverless,
        settings.database.proxy is not None,
        provisioned and [schedule.name for schedule in provisioned.schedules],
        settings.api.manage_account_role,
    )
