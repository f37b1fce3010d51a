"""Resources that hold data, and what protects it.

Source: the documentation of each resource of the AWS provider, and of the deletion in AWS's API.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Store:
    """What a type of resource holds, and what becomes of that when it is destroyed."""

    holds: str
    """Such as `the database`."""

    skips_snapshot: str = ""
    """The argument that, if true, lets it go without a final snapshot."""

    snapshot: str = ""
    """The argument with the final snapshot's name."""

    forces: str = ""
    """The argument that, if true, lets it go with its content. Without, AWS refuses while there is
    content."""

    refuses: str = ""
    """The argument that, if true, lets AWS refuse the destruction."""

    keeps: str = ""
    """The argument that, if true, lets Terraform leave it in AWS."""

    waits: str = ""
    """The argument with the days during which it can be restored; 0 is at once."""

    waits_by_default: int = 0


STORES: Mapping[str, Store] = {
    "aws_acmpca_certificate_authority": Store(
        holds="the key of its certificates", waits="permanent_deletion_time_in_days",
        waits_by_default=30,
    ),
    "aws_ami": Store(holds="the image"),
    "aws_backup_vault": Store(holds="backups", forces="force_destroy"),
    "aws_cloudtrail_event_data_store": Store(
        holds="its events", refuses="termination_protection_enabled"
    ),
    "aws_cloudwatch_event_archive": Store(holds="its events"),
    "aws_cloudwatch_log_group": Store(holds="its log events", keeps="skip_destroy"),
    "aws_codeartifact_repository": Store(holds="its packages"),
    "aws_codecommit_repository": Store(holds="its commits"),
    "aws_cognito_user_pool": Store(holds="its users", refuses="deletion_protection"),
    "aws_db_cluster_snapshot": Store(holds="the snapshot"),
    "aws_db_instance": Store(
        holds="its databases", skips_snapshot="skip_final_snapshot",
        snapshot="final_snapshot_identifier", refuses="deletion_protection",
    ),
    "aws_db_snapshot": Store(holds="the snapshot"),
    "aws_directory_service_directory": Store(holds="its users"),
    "aws_docdb_cluster": Store(
        holds="its databases", skips_snapshot="skip_final_snapshot",
        snapshot="final_snapshot_identifier", refuses="deletion_protection",
    ),
    "aws_dynamodb_table": Store(holds="its items", refuses="deletion_protection_enabled"),
    "aws_ebs_snapshot": Store(holds="the snapshot"),
    "aws_ebs_volume": Store(holds="its blocks", snapshot="final_snapshot"),
    "aws_ecr_repository": Store(holds="its images", forces="force_delete"),
    "aws_ecrpublic_repository": Store(holds="its images", forces="force_destroy"),
    "aws_efs_file_system": Store(holds="its files"),
    "aws_eks_cluster": Store(holds="its Kubernetes objects"),
    "aws_elasticache_cluster": Store(holds="its keys", snapshot="final_snapshot_identifier"),
    "aws_elasticache_replication_group": Store(
        holds="its keys", snapshot="final_snapshot_identifier"
    ),
    "aws_elasticsearch_domain": Store(holds="its indexes"),
    "aws_emr_cluster": Store(holds="its disks", refuses="termination_protection"),
    "aws_fsx_lustre_file_system": Store(
        holds="its files", skips_snapshot="skip_final_backup"
    ),
    "aws_fsx_ontap_volume": Store(holds="its files", skips_snapshot="skip_final_backup"),
    "aws_fsx_openzfs_file_system": Store(
        holds="its files", skips_snapshot="skip_final_backup"
    ),
    "aws_fsx_windows_file_system": Store(
        holds="its files", skips_snapshot="skip_final_backup"
    ),
    "aws_glacier_vault": Store(holds="its archives"),
    "aws_glue_catalog_database": Store(holds="the definitions of its tables"),
    "aws_instance": Store(holds="its root volume", refuses="disable_api_termination"),
    "aws_keyspaces_table": Store(holds="its rows"),
    "aws_kinesis_stream": Store(holds="its records"),
    "aws_kms_key": Store(
        holds="what it encrypts", waits="deletion_window_in_days", waits_by_default=30
    ),
    "aws_lightsail_database": Store(
        holds="its databases", skips_snapshot="skip_final_snapshot",
        snapshot="final_snapshot_name",
    ),
    "aws_memorydb_cluster": Store(holds="its keys", snapshot="final_snapshot_name"),
    "aws_mq_broker": Store(holds="its messages"),
    "aws_msk_cluster": Store(holds="its topics"),
    "aws_neptune_cluster": Store(
        holds="its graph", skips_snapshot="skip_final_snapshot",
        snapshot="final_snapshot_identifier", refuses="deletion_protection",
    ),
    "aws_opensearch_domain": Store(holds="its indexes"),
    "aws_opensearchserverless_collection": Store(holds="its indexes"),
    "aws_prometheus_workspace": Store(holds="its metrics"),
    "aws_qldb_ledger": Store(holds="its journal", refuses="deletion_protection"),
    "aws_rds_cluster": Store(
        holds="its databases", skips_snapshot="skip_final_snapshot",
        snapshot="final_snapshot_identifier", refuses="deletion_protection",
    ),
    "aws_rds_global_cluster": Store(
        holds="the membership of its clusters", refuses="deletion_protection"
    ),
    "aws_redshift_cluster": Store(
        holds="its databases", skips_snapshot="skip_final_snapshot",
        snapshot="final_snapshot_identifier",
    ),
    "aws_redshiftserverless_namespace": Store(holds="its databases"),
    "aws_route53_zone": Store(holds="its records", forces="force_destroy"),
    "aws_s3_bucket": Store(holds="its objects", forces="force_destroy"),
    "aws_s3_directory_bucket": Store(holds="its objects", forces="force_destroy"),
    "aws_secretsmanager_secret": Store(
        holds="its value", waits="recovery_window_in_days", waits_by_default=30
    ),
    "aws_sqs_queue": Store(holds="its messages"),
    "aws_ssm_parameter": Store(holds="its value"),
    "aws_timestreaminfluxdb_db_instance": Store(holds="its buckets"),
    "aws_timestreamwrite_table": Store(holds="its records"),
    "aws_workspaces_workspace": Store(holds="its volumes"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Protection:
    """A setting that protects data, and the way in which it is weakened."""

    path: tuple[str, ...]
    protects: str
    strong: tuple[object, ...] = ()
    """The values that protect; empty for a number, which protects more if it is higher."""

    types: tuple[str, ...] = field(default=())
    """The types; empty for all."""


PROTECTIONS = (
    Protection(path=("deletion_protection",), protects="deletion",
               strong=(True, "true", "ACTIVE")),
    Protection(path=("deletion_protection_enabled",), protects="deletion", strong=(True,)),
    Protection(path=("termination_protection",), protects="termination", strong=(True,)),
    Protection(path=("termination_protection_enabled",), protects="deletion", strong=(True,)),
    Protection(path=("disable_api_termination",), protects="termination", strong=(True,)),
    Protection(path=("skip_final_snapshot",), protects="the final snapshot", strong=(False,)),
    Protection(path=("skip_final_backup",), protects="the final backup", strong=(False,)),
    Protection(path=("force_destroy",), protects="its content", strong=(False,)),
    Protection(path=("force_delete",), protects="its content", strong=(False,)),
    Protection(path=("delete_automated_backups",), protects="automated backups", strong=(False,)),
    Protection(path=("backup_retention_period",), protects="backups (days)"),
    Protection(path=("snapshot_retention_limit",), protects="snapshots (days)"),
    Protection(path=("recovery_window_in_days",), protects="the secret (days)"),
    Protection(path=("deletion_window_in_days",), protects="the key (days)"),
    Protection(path=("retention_in_days",), protects="log events (days)",
               types=("aws_cloudwatch_log_group",)),
    Protection(path=("message_retention_seconds",), protects="messages (seconds)"),
    Protection(path=("point_in_time_recovery", "enabled"), protects="recovery to any point in time",
               strong=(True,)),
    Protection(path=("versioning_configuration", "status"), protects="versions of objects",
               strong=("Enabled",)),
    Protection(path=("versioning", "enabled"), protects="versions of objects", strong=(True,)),
)  # fmt: skip
