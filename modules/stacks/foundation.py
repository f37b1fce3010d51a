"""Foundation: what everything else stands on, and what rarely changes."""

from constructs import Construct

from modules.foundation.flow_logs import FlowLogs
from modules.foundation.image_repository import ImageRepository
from modules.foundation.log_archive import LogArchive
from modules.foundation.network import Network
from modules.foundation.vpc_endpoints import VpcEndpoints
from modules.settings import Settings
from modules.shared.encryption_key import EncryptionKey, allow_log_groups
from modules.stacks.base import BaseStack


class Foundation(BaseStack):
    """Keys, VPC with its flow logs and endpoints, log archive, image repository."""

    def __init__(self, scope: Construct, *, settings: Settings) -> None:
        super().__init__(scope, settings=settings, part="foundation")
        name = settings.prefix
        self.data_key = EncryptionKey(
            self,
            "data-key",
            name=f"{name}-data",
            description="The database, its secret and its performance data",
            account=self.account,
            settings=settings.keys,
        )
        self.log_key = EncryptionKey(
            self,
            "log-key",
            name=f"{name}-logs",
            description="Log groups",
            account=self.account,
            settings=settings.keys,
            statements=[allow_log_groups(account=self.account)],
        )
        self.application_key = EncryptionKey(
            self,
            "application-key",
            name=f"{name}-application",
            description="Images and the function's environment variables",
            account=self.account,
            settings=settings.keys,
        )
        self.network = Network(
            self, "network", name=name, region=settings.region, settings=settings.network
        )
        self.flow_logs = FlowLogs(
            self,
            "flow-logs",
            name=name,
            account=self.account,
            network=self.network,
            key_arn=self.log_key.arn,
            settings=settings.network.flow_logs,
        )
        self.endpoints = VpcEndpoints(
            self,
            "endpoints",
            name=name,
            account=self.account,
            network=self.network,
            interfaces=settings.network.interface_endpoints,
        )
        self.log_archive = LogArchive(
            self, "log-archive", name=name, account=self.account, settings=settings.log_archive
        )
        self.repository = ImageRepository(
            self,
            "images",
            name=name,
            account=self.account,
            key_arn=self.application_key.arn,
            settings=settings.registry,
        )
        self._export()

    def _export(self) -> None:
        network = self.network
        export = self.export
        export("account_id", self.account.number, description="Account deployed to")
        export("region", self.settings.region, description="Home region")
        export("vpc_id", network.vpc_id, description="Id of the VPC")
        export("vpc_cidr", network.cidr, description="Address block of the VPC")
        for tier, subnets in (
            ("public", network.public_subnets),
            ("private", network.private_subnets),
            ("isolated", network.isolated_subnets),
        ):
            export(
                f"{tier}_subnet_ids",
                {zone: subnet.id for zone, subnet in subnets.items()},
                description=f"Ids of the {tier} subnets, by zone",
            )
        export(
            "nat_gateway_ids",
            {zone: gateway.id for zone, gateway in network.nat_gateways.items()},
            description="Ids of the NAT gateways, by zone",
        )
        export(
            "nat_public_ips",
            {zone: address.public_ip for zone, address in network.addresses.items()},
            description="Public addresses that traffic leaves from, by zone",
        )
        export(
            "default_security_group_id",
            network.default_security_group.id,
            description="Id of the VPC's default security group, locked",
        )
        export(
            "endpoint_security_group_id",
            self.endpoints.security_group_id,
            description="Id of the interface endpoints' security group",
        )
        export(
            "endpoint_ids",
            {"s3": self.endpoints.s3.id}
            | {service: point.id for service, point in self.endpoints.interfaces.items()},
            description="Ids of the VPC endpoints, by service",
        )
        export("flow_log_group", self.flow_logs.log_group.name, description="Flow logs' group")
        export(
            "key_arns",
            {
                "data": self.data_key.arn,
                "logs": self.log_key.arn,
                "application": self.application_key.arn,
            },
            description="ARNs of the KMS keys, by use",
        )
        export("log_archive_bucket", self.log_archive.bucket_name, description="Log bucket")
        export("log_archive_arn", self.log_archive.bucket_arn, description="ARN of the log bucket")
        export("repository_name", self.repository.name, description="ECR repository")
        export("repository_url", self.repository.url, description="Address images are pushed to")
        export("repository_arn", self.repository.arn, description="ARN of the ECR repository")
