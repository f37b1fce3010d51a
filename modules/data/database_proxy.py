"""RDS Proxy in front of Aurora."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.db_proxy import DbProxy, DbProxyAuth
from cdktf_cdktf_provider_aws.db_proxy_default_target_group import (
    DbProxyDefaultTargetGroup,
    DbProxyDefaultTargetGroupConnectionPoolConfig,
)
from cdktf_cdktf_provider_aws.db_proxy_endpoint import DbProxyEndpoint
from cdktf_cdktf_provider_aws.db_proxy_target import DbProxyTarget
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from constructs import Construct

from modules.data.aurora_cluster import AuroraCluster
from modules.data.database_access import read_secret
from modules.foundation.network import Network
from modules.settings import DatabaseSettings
from modules.settings.database import ProxySettings
from modules.shared.account import Account
from modules.shared.iam import ServiceRole
from modules.shared.security_group import KEPT_DESCRIPTION
from modules.shared.security_group_rules import allow_tcp

PORT = 5432
"""The port of every proxy for PostgreSQL, whatever the cluster's port is (Aurora User Guide, RDS
Proxy limitations for RDS Proxy for PostgreSQL)."""


class DatabaseProxy(Construct):
    """A proxy that pools connections to an Aurora cluster for the users in its secrets; TLS only.

    Until a secret has its first value, its user cannot connect through the proxy.
    Nothing may connect until a consumer adds its own ingress rule to `security_group_id`.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        network: Network,
        cluster: AuroraCluster,
        secret_arns: Sequence[str],
        key_arn: str,
        log_key_arn: str,
        database: DatabaseSettings,
        settings: ProxySettings,
    ) -> None:
        super().__init__(scope, id_)
        self._name = f"{name}-proxy"
        self._cluster = cluster
        self.port = PORT
        group = SecurityGroup(
            self,
            "security-group",
            name=self._name,
            description="RDS Proxy",
            vpc_id=network.vpc_id,
            tags={"Name": self._name},
            lifecycle=KEPT_DESCRIPTION,
        )
        self.security_group_id = group.id
        allow_tcp(
            self,
            "database",
            port=cluster.port,
            source=self.security_group_id,
            target=cluster.security_group_id,
            description="RDS Proxy to Aurora",
        )
        self.log_group = CloudwatchLogGroup(
            self,
            "log-group",
            name=f"/aws/rds/proxy/{self._name}",
            retention_in_days=database.log_retention_days,
            kms_key_id=log_key_arn,
        )
        role = self._build_role(account=account, secret_arns=secret_arns, key_arn=key_arn)
        proxy = DbProxy(
            self,
            "proxy",
            name=self._name,
            engine_family="POSTGRESQL",
            role_arn=role.arn,
            require_tls=True,
            idle_client_timeout=settings.idle_client_seconds,
            vpc_subnet_ids=network.isolated_subnet_ids,
            vpc_security_group_ids=[self.security_group_id],
            auth=[
                DbProxyAuth(
                    auth_scheme="SECRETS",
                    iam_auth="DISABLED",
                    client_password_auth_type="POSTGRES_SCRAM_SHA_256",  # noqa: S106  # a method
                    secret_arn=secret_arn,
                )
                for secret_arn in secret_arns
            ],
            tags={"Name": self._name},
            depends_on=[self.log_group, *role.grants],
        )
        self.name = proxy.name
        self.arn = proxy.arn
        self._attach_cluster(proxy, settings=settings)
        self.writer_endpoint = proxy.endpoint
        self.reader_endpoint = (
            self._build_reader_endpoint(proxy, network) if database.readers else proxy.endpoint
        )

    def _build_role(
        self, *, account: Account, secret_arns: Sequence[str], key_arn: str
    ) -> ServiceRole:
        # RDS Proxy sends no condition key about its source, so its role must not demand one (Aurora
        # User Guide, RDS Proxy limitations). Only this account can pass the role to a proxy.
        return ServiceRole(
            self,
            "role",
            name=self._name,
            services=["rds.amazonaws.com"],
            description="Reads the database credentials for RDS Proxy",
            statements=read_secret(account=account, secret_arns=secret_arns, key_arn=key_arn),
        )

    def _attach_cluster(self, proxy: DbProxy, *, settings: ProxySettings) -> None:
        group = DbProxyDefaultTargetGroup(
            self,
            "target-group",
            db_proxy_name=proxy.name,
            connection_pool_config=DbProxyDefaultTargetGroupConnectionPoolConfig(
                max_connections_percent=settings.max_connections_percent,
                max_idle_connections_percent=settings.max_idle_connections_percent,
            ),
        )
        DbProxyTarget(
            self,
            "target",
            db_proxy_name=proxy.name,
            target_group_name=group.name,
            db_cluster_identifier=self._cluster.identifier,
            # A cluster without instances cannot be registered.
            depends_on=list(self._cluster.instances),
        )

    def _build_reader_endpoint(self, proxy: DbProxy, network: Network) -> str:
        return DbProxyEndpoint(
            self,
            "reader",
            db_proxy_name=proxy.name,
            db_proxy_endpoint_name=f"{self._name}-reader",
            target_role="READ_ONLY",
            vpc_subnet_ids=network.isolated_subnet_ids,
            vpc_security_group_ids=[self.security_group_id],
            tags={"Name": f"{self._name}-reader"},
        ).endpoint
