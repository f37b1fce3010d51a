"""Network access to the load balancer, for CloudFront only."""

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.data_aws_security_group import (
    DataAwsSecurityGroup,
    DataAwsSecurityGroupFilter,
)
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.shared.addresses import HTTP_PORT, HTTPS_PORT

CLOUDFRONT_GROUP = "CloudFront-VPCOrigins-Service-SG"
"""Security group that CloudFront creates with the first VPC origin of a VPC (CloudFront Developer
Guide, Restrict access with VPC origins)."""

RULES = {"ingress": HTTP_PORT, "https-ingress": HTTPS_PORT}
"""Ports of the rules, by construct id."""


class OriginAccess(Construct):
    """Rules that let CloudFront's security group in the VPC connect to the load balancer.

    Both ports are open, whatever listeners there are. So CloudFront can move from one listener to
    another at any time, and a port without a listener refuses connections anyway.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        vpc_id: str,
        vpc_origin: ITerraformDependable,
        security_group_id: str,
    ) -> None:
        super().__init__(scope, id_)
        cloudfront = DataAwsSecurityGroup(
            self,
            "cloudfront",
            vpc_id=vpc_id,
            filter=[DataAwsSecurityGroupFilter(name="group-name", values=[CLOUDFRONT_GROUP])],
            depends_on=[vpc_origin],
        )
        previous: list[ITerraformDependable] = []
        for name, port in RULES.items():
            rule = VpcSecurityGroupIngressRule(
                self,
                name,
                security_group_id=security_group_id,
                referenced_security_group_id=cloudfront.id,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                description="CloudFront to load balancer",
                tags={"Name": "CloudFront to load balancer"},
                # Version 0.1.0 has one rule, for port 443 with a domain. AWS refuses a second rule
                # for a port, so the first one changes to port 80 before the other is added.
                depends_on=previous or None,
            )
            previous = [rule]
