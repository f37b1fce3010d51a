"""Connections from the VPC to AWS services that bypass NAT."""

from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

from modules.foundation.network import Network
from modules.shared.account import Account
from modules.shared.iam import Statement, policy_document
from modules.shared.security_group import KEPT_DESCRIPTION


class VpcEndpoints(Construct):
    """The S3 gateway endpoint (free of charge) and the interface endpoints of the settings.

    Nothing may enter the interface endpoints until a consumer adds its own ingress rule to
    `security_group_id`. Endpoint policies admit the account's own principals only.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        network: Network,
        interfaces: tuple[str, ...],
    ) -> None:
        super().__init__(scope, id_)
        group = SecurityGroup(
            self,
            "security-group",
            name=f"{name}-endpoints",
            description="Interface endpoints of AWS services",
            vpc_id=network.vpc_id,
            tags={"Name": f"{name}-endpoints"},
            lifecycle=KEPT_DESCRIPTION,
        )
        self.security_group_id = group.id
        # Layers of ECR images and packages come from buckets of AWS's own accounts, so S3 cannot
        # be limited to this account's principals.
        self.s3 = VpcEndpoint(
            self,
            "s3",
            vpc_id=network.vpc_id,
            service_name=f"com.amazonaws.{account.region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=network.inner_route_table_ids,
            tags={"Name": f"{name}-s3"},
        )
        own_principals = policy_document(
            Statement(
                sid="OwnPrincipals",
                actions=["*"],
                resources=["*"],
                everybody=True,
                conditions={"StringEquals": {"aws:PrincipalAccount": account.number}},
            )
        )
        self.interfaces = {
            service: VpcEndpoint(
                self,
                service.replace(".", "-"),
                vpc_id=network.vpc_id,
                service_name=f"com.amazonaws.{account.region}.{service}",
                vpc_endpoint_type="Interface",
                private_dns_enabled=True,
                subnet_ids=network.private_subnet_ids,
                security_group_ids=[self.security_group_id],
                policy=own_principals,
                tags={"Name": f"{name}-{service}"},
            )
            for service in interfaces
        }
