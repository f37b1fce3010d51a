"""The data stack: what must not be lost. It changes rarely."""

from constructs import Construct

from modules.data.aurora_cluster import AuroraCluster
from modules.data.database_access import DatabaseAccess
from modules.data.database_credential import DatabaseCredential
from modules.data.database_proxy import DatabaseProxy
from modules.data.user_pool import UserPool
from modules.release import Release
from modules.settings import Settings
from modules.stacks.base import BaseStack, Outputs
from modules.stacks.foundation import Foundation


class Data(BaseStack):
    """The Aurora cluster, its secrets, the optional proxy in front of it, and the user pool."""

    def __init__(
        self, scope: Construct, *, settings: Settings, foundation: Foundation, release: Release
    ) -> None:
        super().__init__(scope, settings=settings, part="data")
        self.cluster = AuroraCluster(
            self,
            "database",
            name=settings.prefix,
            account=self.account,
            network=foundation.network,
            key_arn=foundation.data_key.arn,
            log_key_arn=foundation.log_key.arn,
            settings=settings.database,
        )
        self.credential = DatabaseCredential(
            self,
            "api-credential",
            name=settings.prefix,
            key_arn=foundation.data_key.arn,
            proxied=settings.database.proxy is not None,
        )
        self.proxy = (
            DatabaseProxy(
                self,
                "proxy",
                name=settings.prefix,
                account=self.account,
                network=foundation.network,
                cluster=self.cluster,
                secret_arns=self.credential.proxy_arns,
                key_arn=foundation.data_key.arn,
                log_key_arn=foundation.log_key.arn,
                database=settings.database,
                settings=settings.database.proxy,
            )
            if settings.database.proxy
            else None
        )
        self.access = self._describe_access(
            self.proxy or self.cluster,
            secret_arn=self.credential.arn,
            key_arn=foundation.data_key.arn,
        )
        # Administration bypasses the proxy, which pools connections for the API only.
        self.administration_access = self._describe_access(
            self.cluster, secret_arn=self.cluster.secret_arn, key_arn=foundation.data_key.arn
        )
        self.user_pool = UserPool(
            self,
            "user-pool",
            name=settings.prefix,
            account=self.account,
            resource_server=release.api.resource_server,
            settings=settings.user_pool,
        )
        self.export(self._outputs())

    def _describe_access(
        self, endpoint: AuroraCluster | DatabaseProxy, *, secret_arn: str, key_arn: str
    ) -> DatabaseAccess:
        return DatabaseAccess(
            writer_host=endpoint.writer_endpoint,
            reader_host=endpoint.reader_endpoint,
            port=endpoint.port,
            database_name=self.settings.database.name,
            secret_arn=secret_arn,
            key_arn=key_arn,
            security_group_id=endpoint.security_group_id,
        )

    def _outputs(self) -> Outputs:
        cluster, proxy, pool = self.cluster, self.proxy, self.user_pool
        return {
            "database_cluster_id": (cluster.identifier, "Identifier of the cluster"),
            "database_cluster_arn": (cluster.arn, "ARN of the cluster"),
            "database_resource_id": (
                cluster.resource_id,
                "Resource id of the cluster, for IAM authentication",
            ),
            "database_instance_ids": (
                [instance.identifier for instance in cluster.instances],
                "Identifiers of the instances",
            ),
            "database_writer_endpoint": (cluster.writer_endpoint, "Host that takes writes"),
            "database_reader_endpoint": (cluster.reader_endpoint, "Host that takes reads"),
            "database_port": (cluster.port, "TCP port of the database"),
            "database_name": (cluster.database_name, "Name of the database"),
            "database_secret_arn": (
                cluster.secret_arn,
                "ARN of the secret with the master user and password",
            ),
            "database_api_secret_arn": (
                self.credential.arn,
                "ARN of the secret with the API's database user and password",
            ),
            "database_security_group_id": (
                cluster.security_group_id,
                "Id of the database's security group",
            ),
            "database_log_group": (cluster.log_group.name, "PostgreSQL's log group"),
            "database_proxy": (
                {
                    "arn": proxy.arn,
                    "writer_endpoint": proxy.writer_endpoint,
                    "reader_endpoint": proxy.reader_endpoint,
                    "security_group_id": proxy.security_group_id,
                    "log_group": proxy.log_group.name,
                }
                if proxy
                else {},
                "The proxy's ARN, hosts, security group and log group; empty without one",
            ),
            "user_pool_id": (pool.id, "Id of the user pool"),
            "user_pool_arn": (pool.arn, "ARN of the user pool"),
            "user_pool_issuer": (pool.issuer, "Issuer of its tokens"),
            "user_pool_client_ids": (pool.client_ids, "Ids of its clients, by purpose"),
            "sign_in_url": (pool.sign_in_url, "Address of the sign-in pages"),
        }
