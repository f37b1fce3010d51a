"""The foundation stack: what the other stacks build on. It changes rarely."""

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

from modules.foundation.flow_logs import FlowLogs
from modules.foundation.image_repository import ImageRepository
from modules.foundation.log_archive import LogArchive
from modules.foundation.network import Network
from modules.foundation.vpc_endpoints import VpcEndpoints
from modules.settings import Settings
from modules.shared.encryption_key import EncryptionKey, allow_log_groups
from modules.stacks.base import BaseStack, Outputs


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
        self.export(self._outputs())

    def _outputs(self) -> Outputs:
        network = self.network
        return {
            "account_id": (self.account.number, "Account deployed to"),
            "region": (self.settings.region, "Home region"),
            "vpc_id": (network.vpc_id, "Id of the VPC"),
            "vpc_cidr": (network.cidr, "Address block of the VPC"),
            "public_subnet_ids": (
                _ids(network.public_subnets),
                "Ids of the public subnets, by zone",
            ),
            "private_subnet_ids": (
                _ids(network.private_subnets),
                "Ids of the private subnets, by zone",
            ),
            "isolated_subnet_ids": (
                _ids(network.isolated_subnets),
                "Ids of the isolated subnets, by zone",
            ),
            "nat_gateway_ids": (_ids(network.nat_gateways), "Ids of the NAT gateways, by zone"),
            "nat_public_ips": (
                {zone: address.public_ip for zone, address in network.addresses.items()},
                "Public addresses that traffic leaves from, by zone",
            ),
            "default_security_group_id": (
                network.default_security_group.id,
                "Id of the VPC's default security group, locked",
            ),
            "endpoint_security_group_id": (
                self.endpoints.security_group_id,
                "Id of the interface endpoints' security group",
            ),
            "endpoint_ids": (
                {"s3": self.endpoints.s3.id} | _ids(self.endpoints.interfaces),
                "Ids of the VPC endpoints, by service",
            ),
            "flow_log_group": (self.flow_logs.log_group.name, "Flow logs' group"),
            "key_arns": (
                {
                    "data": self.data_key.arn,
                    "logs": self.log_key.arn,
                    "application": self.application_key.arn,
                },
                "ARNs of the KMS keys, by use",
            ),
            "log_archive_bucket": (self.log_archive.bucket_name, "Log bucket"),
            "log_archive_arn": (self.log_archive.bucket_arn, "ARN of the log bucket"),
            "repository_name": (self.repository.name, "ECR repository"),
            "repository_url": (self.repository.url, "Address images are pushed to"),
            "repository_arn": (self.repository.arn, "ARN of the ECR repository"),
        }


def _ids(resources: Mapping[str, Subnet | NatGateway | VpcEndpoint]) -> dict[str, str]:
    return {label: resource.id for label, resource in resources.items()}
