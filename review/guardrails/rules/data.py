"""Aurora clusters, their instances and subnet groups."""

import re
from collections.abc import Iterator

from review.guardrails.rule import rule
from review.guardrails.rules.balancer import zones
from review.limits import rds
from review.terraform import Configuration, Resource

GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide"
REFERENCE = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference"
CLUSTER = "aws_rds_cluster"
INSTANCE = "aws_rds_cluster_instance"
SINGLE = "aws_db_instance"
SCALING = "serverlessv2_scaling_configuration"


@rule(
    "data-capacity-bounds",
    CLUSTER,
    title="The minimum capacity of a cluster is at most its maximum, within the limits",
    aws="CreateDBCluster answers InvalidParameterValue.",
    fix="Set min_capacity and max_capacity to 0 to 256 ACU, in steps of 0.5.",
    source=f"{GUIDE}/aurora-serverless-v2.setting-capacity.html",
    applies=lambda cluster, _all: bool(cluster.blocks(SCALING)),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def capacity_bounds(cluster: Resource, _all: Configuration) -> Iterator[str]:
    """Compare both with each other and with the limits."""
    for block in cluster.blocks(SCALING):
        least, most = block.number("min_capacity"), block.number("max_capacity")
        if least is not None and most is not None and least > most:
            yield f"Its minimum is {least:g} and its maximum {most:g} ACU."
        for value in (least, most):
            if value is not None and (
                not rds.ACU[0] <= value <= rds.ACU[1] or value % rds.ACU_STEP
            ):
                yield f"{value:g} ACU is not possible."


@rule(
    "data-serverless-scaling",
    INSTANCE,
    title="The cluster of a serverless instance has a capacity range",
    aws="CreateDBInstance answers InvalidDBClusterStateFault.",
    fix=f"Set {SCALING} on the cluster.",
    source=f"{GUIDE}/aurora-serverless-v2.create.html",
    applies=lambda instance, _all: instance.text("instance_class") == "db.serverless",
)
def serverless_scaling(instance: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the range."""
    for cluster in everything.linked(instance, "cluster_identifier", CLUSTER):
        if not cluster.blocks(SCALING):
            yield f"{cluster.address} has none."


@rule(
    "data-subnet-zones",
    "aws_db_subnet_group",
    title="A subnet group spans two zones",
    aws="CreateDBSubnetGroup answers DBSubnetGroupDoesNotCoverEnoughAZs.",
    fix="Name subnets of two zones or more.",
    source=f"{GUIDE}/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def subnet_zones(group: Resource, everything: Configuration) -> Iterator[str]:
    """Count the zones."""
    found = zones(group, "subnet_ids", everything)
    if len(found) < rds.ZONES:
        yield f"Its subnets are in {', '.join(sorted(found))} only."


@rule(
    "data-encrypted",
    CLUSTER,
    SINGLE,
    title="A database is encrypted",
    aws="The data and all snapshots are stored in clear. Encryption cannot be added later.",
    fix="Set storage_encrypted = true.",
    source=f"{GUIDE}/Overview.Encryption.html",
    applies=lambda database, _all: (
        not any(
            database.is_set(each)
            for each in ("snapshot_identifier", "replicate_source_db", "global_cluster_identifier")
        )
    ),
)
def encrypted(database: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the argument."""
    if not database.flag("storage_encrypted") and not database.is_set("kms_key_id"):
        yield "It is not encrypted."


@rule(
    "data-public",
    INSTANCE,
    SINGLE,
    title="A database is not public",
    aws="It gets an address on the internet.",
    fix="Remove publicly_accessible.",
    source=f"{GUIDE}/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
)
def public(database: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the argument."""
    if database.flag("publicly_accessible"):
        yield "It is public."


@rule(
    "data-final-snapshot-name",
    CLUSTER,
    SINGLE,
    title="A final snapshot has a name",
    aws="Destroying fails in the provider: final_snapshot_identifier is required.",
    fix="Set final_snapshot_identifier, or skip_final_snapshot = true where nothing matters.",
    source=f"{REFERENCE}/API_DeleteDBCluster.html",
    applies=lambda database, _all: not database.flag("skip_final_snapshot"),
)
def final_snapshot_name(database: Resource, _all: Configuration) -> Iterator[str]:
    """Look for the name."""
    if not database.is_set("final_snapshot_identifier"):
        yield "It wants a final snapshot without a name."


@rule(
    "data-final-snapshot-missing",
    CLUSTER,
    SINGLE,
    title="A protected database leaves a final snapshot",
    aws="Once the protection is off, a replacement or a destroy loses the data.",
    fix="Remove skip_final_snapshot, and name the snapshot.",
    source=f"{GUIDE}/USER_DeleteCluster.html",
    applies=lambda database, _all: database.flag("deletion_protection"),
)
def final_snapshot_missing(database: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the argument."""
    if database.flag("skip_final_snapshot"):
        yield "It is protected and skips the final snapshot."


@rule(
    "data-final-snapshot-again",
    CLUSTER,
    SINGLE,
    title="Two databases have different final snapshots",
    aws="The second deletion answers DBClusterSnapshotAlreadyExistsFault, and the database stays.",
    fix="Make the identifier from the database's own, or from a value that changes with it.",
    source=f"{REFERENCE}/API_DeleteDBCluster.html",
    applies=lambda database, _all: (
        isinstance(database.get("final_snapshot_identifier"), str)
        and database.is_set("final_snapshot_identifier")
    ),
)
def final_snapshot_again(database: Resource, everything: Configuration) -> Iterator[str]:
    """Find another database with the same name."""
    name = database.text("final_snapshot_identifier")
    all_databases = everything.of(CLUSTER, SINGLE)
    if database.repeated:
        yield f"Every instance of it names {name}."
    for other in all_databases[all_databases.index(database) + 1 :]:
        same_account = other.region == database.region
        if other.get("final_snapshot_identifier") == name and same_account:
            yield f"{other.address} names {name} too."


@rule(
    "data-password",
    CLUSTER,
    SINGLE,
    title="RDS manages the master password",
    aws="The password stands in the configuration, the plan and the state.",
    fix="Set manage_master_user_password = true, and remove the password.",
    source=f"{GUIDE}/rds-secrets-manager.html",
    applies=lambda database, _all: (
        not any(
            database.is_set(each)
            for each in (
                "snapshot_identifier",
                "replicate_source_db",
                "replication_source_identifier",
            )
        )
    ),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def password(database: Resource, _all: Configuration) -> Iterator[str]:
    """Find passwords, and both ways at once."""
    for name in ("master_password", "password"):
        if isinstance(database.get(name), str) and database.get(name):
            yield f"{name} is written in clear."
        if database.is_set(name) and database.flag("manage_master_user_password"):
            yield f"It sets {name} beside manage_master_user_password."


@rule(
    "data-reserved-user",
    CLUSTER,
    title="The master user has no reserved name",
    aws="CreateDBCluster answers InvalidParameterValue.",
    fix="Choose another name, such as dbadmin.",
    source=f"{REFERENCE}/API_CreateDBCluster.html",
    applies=lambda cluster, _all: cluster.text("engine").endswith("postgresql"),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def reserved_user(cluster: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the reserved names."""
    if cluster.text("master_username").lower() in rds.RESERVED_USERS:
        yield f"It is {cluster.text('master_username')}."


@rule(
    "data-instance-engine",
    INSTANCE,
    title="An instance has the engine of its cluster",
    aws="CreateDBInstance answers InvalidParameterCombination.",
    fix="Take engine and engine_version from the cluster.",
    source=f"{REFERENCE}/API_CreateDBInstance.html",
)
def instance_engine(instance: Resource, everything: Configuration) -> Iterator[str]:
    """Compare both."""
    for cluster in everything.linked(instance, "cluster_identifier", CLUSTER):
        if instance.text("engine") != (cluster.text("engine") or "aurora"):
            yield f"It is {instance.text('engine')}, {cluster.address} {cluster.text('engine')}."
        own, theirs = instance.get("engine_version"), cluster.get("engine_version")
        if isinstance(own, str) and isinstance(theirs, str) and not own.startswith(theirs):
            yield f"It has the version {own}, {cluster.address} {theirs}."


@rule(
    "data-zones-set",
    CLUSTER,
    title="A cluster does not list its zones",
    aws="Aurora adds zones up to three. The next plan shows a difference and replaces the cluster.",
    fix="Remove availability_zones; the subnet group decides.",
    source="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster",
)
def zones_set(cluster: Resource, _all: Configuration) -> Iterator[str]:
    """Find a list of fewer than three, unless changes of it are ignored."""
    listed = cluster.get("availability_zones")
    if isinstance(listed, list) and 0 < len(cluster.items("availability_zones")) < 3:  # noqa: PLR2004  # a cluster's zones
        ignored = cluster.lifecycle.get("ignore_changes")
        if ignored != "all" and "availability_zones" not in (ignored or ()):
            yield "It lists fewer than three zones."


@rule(
    "data-parameter-family",
    CLUSTER,
    title="A parameter group belongs to the engine's version",
    aws="CreateDBCluster answers InvalidParameterCombination.",
    fix="Set the group's family to that of the engine, such as aurora-postgresql16.",
    source=f"{GUIDE}/USER_WorkingWithParamGroups.html",
    applies=lambda cluster, everything: bool(
        everything.linked(
            cluster, "db_cluster_parameter_group_name", "aws_rds_cluster_parameter_group"
        )
    ),
)
def parameter_family(cluster: Resource, everything: Configuration) -> Iterator[str]:
    """Compare the family with engine and major version."""
    group_type = "aws_rds_cluster_parameter_group"
    version, engine = cluster.text("engine_version"), cluster.text("engine")
    for group in everything.linked(cluster, "db_cluster_parameter_group_name", group_type):
        family = group.text("family")
        if engine and not family.startswith(engine):
            yield f"{group.address} is for {family}."
        elif engine.endswith("postgresql") and version:
            wanted = f"{engine}{version.partition('.')[0]}"
            if family != wanted:
                yield f"{group.address} is for {family}, the engine needs {wanted}."


@rule(
    "data-backup-days",
    CLUSTER,
    title="Backups are kept for 1 to 35 days",
    aws="CreateDBCluster answers InvalidParameterValue.",
    fix="Set backup_retention_period within the limits.",
    source=f"{REFERENCE}/API_CreateDBCluster.html",
    applies=lambda cluster, _all: cluster.is_set("backup_retention_period"),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def backup_days(cluster: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the limits."""
    days = cluster.number("backup_retention_period")
    if days is not None and not rds.BACKUP_DAYS[0] <= days <= rds.BACKUP_DAYS[1]:
        yield f"They are kept for {days:g} days."


@rule(
    "data-windows",
    CLUSTER,
    SINGLE,
    title="Backups and maintenance have different hours",
    aws="CreateDBCluster answers InvalidParameterCombination: the windows overlap.",
    fix="Move preferred_maintenance_window away from the daily backup window.",
    source=f"{REFERENCE}/API_CreateDBCluster.html",
    applies=lambda database, _all: bool(
        _minutes(database, "preferred_backup_window", "backup_window")
        and _minutes(database, "preferred_maintenance_window", "maintenance_window")
    ),
)
def windows(database: Resource, _all: Configuration) -> Iterator[str]:
    """Compare the hours of both; maintenance happens once a week, backups each day."""
    backup = _minutes(database, "preferred_backup_window", "backup_window")
    if backup & _minutes(database, "preferred_maintenance_window", "maintenance_window"):
        yield "They overlap."


def _minutes(database: Resource, *names: str) -> set[int]:
    """Return the minutes of the day in a window such as `02:00-03:00` or `sun:04:00-sun:05:00`."""
    found = re.search(
        r"(\d\d):(\d\d)-(?:\w+:)?(\d\d):(\d\d)$", "".join(database.text(name) for name in names)
    )
    if not found:
        return set()
    hours = [int(part) for part in found.groups()]
    start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    length = (end - start) % rds.DAY_MINUTES
    return {minute % rds.DAY_MINUTES for minute in range(start, start + length)}


@rule(
    "data-insights-days",
    CLUSTER,
    INSTANCE,
    SINGLE,
    title="Performance data are kept for 7, 731 or a multiple of 31 days",
    aws="CreateDBInstance answers InvalidParameterValue.",
    fix="Set performance_insights_retention_period to such a number.",
    source=f"{REFERENCE}/API_CreateDBInstance.html",
    applies=lambda database, _all: (
        database.is_set("performance_insights_retention_period")
        and database.get("performance_insights_retention_period") != 0
    ),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def insights_days(database: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the possible numbers."""
    days = database.number("performance_insights_retention_period") or 0
    is_month = days % rds.INSIGHTS_MONTH_DAYS == 0 and days < rds.INSIGHTS_DAYS[1]
    if days not in rds.INSIGHTS_DAYS and not is_month:
        yield f"They are kept for {days:g} days."


@rule(
    "data-backups-deleted",
    CLUSTER,
    title="Automated backups of a protected cluster outlive it",
    aws="Deleting the cluster deletes its automated backups at once.",
    fix="Set delete_automated_backups = false.",
    source=f"{REFERENCE}/API_DeleteDBCluster.html",
    severity="warning",
    applies=lambda cluster, _all: cluster.flag("deletion_protection"),
)
def backups_deleted(cluster: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the argument, whose default is true."""
    if cluster.flag("delete_automated_backups", default=True):
        yield "They go with it."


@rule(
    "data-subnet-group",
    CLUSTER,
    title="A cluster names its subnet group",
    aws="Aurora takes the default VPC's subnets, which are public; an account without one refuses.",
    fix="Set db_subnet_group_name.",
    source=f"{GUIDE}/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    severity="warning",
    applies=lambda cluster, _all: (
        not any(
            cluster.is_set(each)
            for each in ("snapshot_identifier", "replication_source_identifier")
        )
    ),
)
def subnet_group(cluster: Resource, _all: Configuration) -> Iterator[str]:
    """Look for the group."""
    if not cluster.is_set("db_subnet_group_name"):
        yield "It names none."
