"""The database: Aurora PostgreSQL with one writer and its readers."""

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.db_parameter_group import DbParameterGroup
from cdktf_cdktf_provider_aws.db_subnet_group import DbSubnetGroup
from cdktf_cdktf_provider_aws.rds_cluster import (
    RdsCluster,
    RdsClusterServerlessv2ScalingConfiguration,
)
from cdktf_cdktf_provider_aws.rds_cluster_instance import RdsClusterInstance
from cdktf_cdktf_provider_aws.rds_cluster_parameter_group import (
    RdsClusterParameterGroup,
    RdsClusterParameterGroupParameter,
)
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from constructs import Construct

from modules.foundation.network import Network
from modules.settings import DatabaseSettings
from modules.shared.account import Account
from modules.shared.iam import ServiceRole
from modules.shared.random_suffix import RandomSuffix
from modules.shared.security_group import KEPT_DESCRIPTION

ENGINE = "aurora-postgresql"
LOG_EXPORT = "postgresql"

REPLACED_FIRST = TerraformResourceLifecycle(
    create_before_destroy=True,
    # A changed description would create a second parameter group of the same name.
    ignore_changes=["description"],
)
"""Lifecycle of parameter groups: a new major version needs new ones while the old are in use."""


class AuroraCluster(Construct):
    """An encrypted Aurora PostgreSQL cluster in isolated subnets.

    Secrets Manager makes, keeps and rotates the master password under the same customer-managed
    key; neither the code nor Terraform's state ever holds it. Nothing may connect until a consumer
    adds its own ingress rule to `security_group_id`, and only with TLS.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        network: Network,
        key_arn: str,
        log_key_arn: str,
        settings: DatabaseSettings,
    ) -> None:
        super().__init__(scope, id_)
        self._name = f"{name}-database"
        self._key_arn = key_arn
        self._settings = settings
        self.port = settings.port
        self.database_name = settings.name
        self.log_group = CloudwatchLogGroup(
            self,
            "log-group",
            name=f"/aws/rds/cluster/{self._name}/{LOG_EXPORT}",
            retention_in_days=settings.log_retention_days,
            kms_key_id=log_key_arn,
        )
        group = SecurityGroup(
            self,
            "security-group",
            name=self._name,
            description="Aurora PostgreSQL",
            vpc_id=network.vpc_id,
            tags={"Name": self._name},
            lifecycle=KEPT_DESCRIPTION,
        )
        self.security_group_id = group.id
        subnet_group = DbSubnetGroup(
            self,
            "subnet-group",
            name=self._name,
            description="Isolated subnets",
            subnet_ids=network.isolated_subnet_ids,
            tags={"Name": self._name},
        )
        self._parameter_group = DbParameterGroup(
            self,
            "instance-parameter-group",
            name=f"{self._name}-instance-{self._major_version}",
            family=self._family,
            description="Aurora PostgreSQL instances",
            tags={"Name": f"{self._name}-instance"},
            lifecycle=REPLACED_FIRST,
        )
        self._cluster = self._build_cluster(subnet_group)
        self.identifier = self._cluster.cluster_identifier
        self.arn = self._cluster.arn
        self.resource_id = self._cluster.cluster_resource_id
        self.writer_endpoint = self._cluster.endpoint
        self.reader_endpoint = self._cluster.reader_endpoint
        self.secret_arn = self._cluster.master_user_secret.get(0).secret_arn
        self._monitoring_role = ServiceRole(
            self,
            "monitoring-role",
            name=f"{self._name}-monitoring",
            services=["monitoring.rds.amazonaws.com"],
            description="Sends enhanced monitoring samples",
            managed_policies=[
                account.managed_policy("service-role/AmazonRDSEnhancedMonitoringRole")
            ],
            source_account=account.number,
        )
        self.instances = self._build_instances()

    @property
    def _major_version(self) -> str:
        return self._settings.engine_version.split(".")[0]

    @property
    def _family(self) -> str:
        return f"{ENGINE}{self._major_version}"

    def _build_cluster(self, subnet_group: DbSubnetGroup) -> RdsCluster:
        settings = self._settings
        parameters = RdsClusterParameterGroup(
            self,
            "cluster-parameter-group",
            name=f"{self._name}-{self._major_version}",
            family=self._family,
            description="Aurora PostgreSQL cluster",
            parameter=[
                RdsClusterParameterGroupParameter(name="rds.force_ssl", value="1"),
                RdsClusterParameterGroupParameter(name="log_min_duration_statement", value="1000"),
            ],
            tags={"Name": self._name},
            lifecycle=REPLACED_FIRST,
        )
        return RdsCluster(
            self,
            "cluster",
            cluster_identifier=self._name,
            engine=ENGINE,
            engine_version=settings.engine_version,
            port=settings.port,
            database_name=settings.name,
            master_username=settings.master_username,
            manage_master_user_password=True,
            master_user_secret_kms_key_id=self._key_arn,
            iam_database_authentication_enabled=True,
            db_subnet_group_name=subnet_group.name,
            vpc_security_group_ids=[self.security_group_id],
            db_cluster_parameter_group_name=parameters.name,
            # For a major upgrade AWS asks for the instances' new group here as well.
            db_instance_parameter_group_name=(
                self._parameter_group.name if settings.allow_major_upgrade else None
            ),
            allow_major_version_upgrade=settings.allow_major_upgrade,
            apply_immediately=settings.apply_immediately,
            storage_encrypted=True,
            kms_key_id=self._key_arn,
            serverlessv2_scaling_configuration=self._build_capacity(),
            enabled_cloudwatch_logs_exports=[LOG_EXPORT],
            backup_retention_period=settings.backup_retention_days,
            preferred_backup_window=settings.backup_window,
            preferred_maintenance_window=settings.maintenance_window,
            copy_tags_to_snapshot=True,
            deletion_protection=settings.deletion_protection,
            delete_automated_backups=not settings.deletion_protection,
            skip_final_snapshot=not settings.final_snapshot,
            final_snapshot_identifier=self._build_snapshot_name(subnet_group),
            tags={"Name": self._name},
            # Otherwise RDS would create the log group itself, unencrypted and without expiry.
            depends_on=[self.log_group],
        )

    def _build_capacity(self) -> RdsClusterServerlessv2ScalingConfiguration | None:
        if not self._settings.is_serverless:
            return None
        serverless = self._settings.serverless
        return RdsClusterServerlessv2ScalingConfiguration(
            min_capacity=serverless.min_capacity,
            max_capacity=serverless.max_capacity,
            seconds_until_auto_pause=(
                serverless.auto_pause_seconds if self._settings.can_pause else None
            ),
        )

    def _build_snapshot_name(self, subnet_group: DbSubnetGroup) -> str | None:
        """Return a name that stays for the cluster's life and is never used by its successor."""
        if not self._settings.final_snapshot:
            return None
        suffix = RandomSuffix(
            self,
            "life",
            # AWS replaces the cluster when one of these changes.
            replaced_with={
                "subnet_group": subnet_group.id,
                "key": self._key_arn,
                "master_username": self._settings.master_username,
                "database_name": self._settings.name,
            },
        )
        return f"{self._name}-final-{suffix.value}"

    def _build_instances(self) -> list[RdsClusterInstance]:
        """Build the instances; the first starts as the writer, and a failover may change that."""
        settings = self._settings
        return [
            RdsClusterInstance(
                self,
                f"instance-{number}",
                identifier=f"{self._name}-{number}",
                cluster_identifier=self._cluster.id,
                engine=self._cluster.engine,
                engine_version=self._cluster.engine_version,
                instance_class=settings.instance_class,
                db_parameter_group_name=self._parameter_group.name,
                publicly_accessible=False,
                auto_minor_version_upgrade=False,
                apply_immediately=settings.apply_immediately,
                # In tiers 0 and 1 a reader scales with the writer, large enough to take over.
                promotion_tier=1,
                performance_insights_enabled=True,
                performance_insights_kms_key_id=self._key_arn,
                performance_insights_retention_period=settings.performance_insights_days,
                monitoring_interval=settings.monitoring_seconds,
                monitoring_role_arn=self._monitoring_role.arn,
                copy_tags_to_snapshot=True,
                preferred_maintenance_window=settings.maintenance_window,
                tags={"Name": f"{self._name}-{number}"},
                # RDS checks the role's permissions when monitoring is switched on.
                depends_on=self._monitoring_role.grants,
            )
            for number in range(1, settings.readers + 2)
        ]
