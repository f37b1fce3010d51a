"""Network access to the load balancer, for CloudFront only."""

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.data_aws_security_group import (
    DataAwsSecurityGroup,
    DataAwsSecurityGroupFilter,
)
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

CLOUDFRONT_GROUP = "CloudFront-VPCOrigins-Service-SG"
"""Security group that CloudFront creates with the first VPC origin of a VPC (CloudFront Developer
Guide, Restrict access with VPC origins)."""


class OriginAccess(Construct):
    """A rule that lets CloudFront's security group in the VPC connect to the load balancer."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        vpc_id: str,
        vpc_origin: ITerraformDependable,
        security_group_id: str,
        port: int,
    ) -> None:
        super().__init__(scope, id_)
        cloudfront = DataAwsSecurityGroup(
            self,
            "cloudfront",
            vpc_id=vpc_id,
            filter=[DataAwsSecurityGroupFilter(name="group-name", values=[CLOUDFRONT_GROUP])],
            depends_on=[vpc_origin],
        )
        VpcSecurityGroupIngressRule(
            self,
            "ingress",
            security_group_id=security_group_id,
            referenced_security_group_id=cloudfront.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description="CloudFront to load balancer",
            tags={"Name": "CloudFront to load balancer"},
        )
