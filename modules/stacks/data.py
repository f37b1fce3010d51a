"""Data: what must not be lost; changes rarely and carefully."""

from constructs import Construct

from modules.aurora_cluster import AuroraCluster
from modules.database_access import DatabaseAccess
from modules.database_proxy import DatabaseProxy
from modules.settings import Settings
from modules.stacks.base import BaseStack
from modules.stacks.foundation import Foundation


class Data(BaseStack):
    """The Aurora cluster, its secret and, where the settings say so, the proxy in front of it."""

    def __init__(self, scope: Construct, *, settings: Settings, foundation: Foundation) -> None:
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
        self.proxy = (
            DatabaseProxy(
                self,
                "proxy",
                name=settings.prefix,
                account=self.account,
                network=foundation.network,
                cluster=self.cluster,
                key_arn=foundation.data_key.arn,
                log_key_arn=foundation.log_key.arn,
                database=settings.database,
                settings=settings.database.proxy,
            )
            if settings.database.proxy
            else None
        )
        door = self.proxy or self.cluster
        self.access = DatabaseAccess(
            writer_host=door.writer_endpoint,
            reader_host=door.reader_endpoint,
            port=settings.database.port,
            database_name=settings.database.name,
            secret_arn=self.cluster.secret_arn,
            key_arn=foundation.data_key.arn,
            security_group_id=door.security_group_id,
        )
        self._export()

    def _export(self) -> None:
        cluster, export = self.cluster, self.export
        export("database_cluster_id", cluster.identifier, description="Identifier of the cluster")
        export("database_cluster_arn", cluster.arn, description="ARN of the cluster")
        export(
            "database_resource_id",
            cluster.resource_id,
            description="Resource id of the cluster, for IAM authentication",
        )
        export(
            "database_instance_ids",
            [instance.identifier for instance in cluster.instances],
            description="Identifiers of the instances",
        )
        export(
            "database_writer_endpoint",
            cluster.writer_endpoint,
            description="Host that takes writes",
        )
        export(
            "database_reader_endpoint", cluster.reader_endpoint, description="Host that takes reads"
        )
        export("database_port", cluster.port, description="TCP port of the database")
        export("database_name", cluster.database_name, description="Name of the database")
        export(
            "database_secret_arn",
            cluster.secret_arn,
            description="ARN of the secret with the master user and password",
        )
        export(
            "database_security_group_id",
            cluster.security_group_id,
            description="Id of the database's security group",
        )
        export("database_log_group", cluster.log_group.name, description="PostgreSQL's log group")
        proxy = self.proxy
        export(
            "database_proxy",
            {
                "arn": proxy.arn,
                "writer_endpoint": proxy.writer_endpoint,
                "reader_endpoint": proxy.reader_endpoint,
                "security_group_id": proxy.security_group_id,
                "log_group": proxy.log_group.name,
            }
            if proxy
            else {},
            description="The proxy's ARN, hosts, security group and log group; empty without one",
        )
