"""Rules of security groups; connections between two groups need a pair of them."""

from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.shared.addresses import ANYWHERE, HTTPS_PORT

SecurityGroupRule = VpcSecurityGroupEgressRule | VpcSecurityGroupIngressRule


def allow_tcp(
    scope: Construct, label: str, *, port: int, source: str, target: str, description: str
) -> list[SecurityGroupRule]:
    """Let one security group connect to another on a TCP port, with a rule on each side."""
    egress = VpcSecurityGroupEgressRule(
        scope,
        f"{label}-egress",
        security_group_id=source,
        referenced_security_group_id=target,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=description,
        tags={"Name": description},
    )
    ingress = VpcSecurityGroupIngressRule(
        scope,
        f"{label}-ingress",
        security_group_id=target,
        referenced_security_group_id=source,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=description,
        tags={"Name": description},
    )
    return [egress, ingress]


def allow_https_out(scope: Construct, label: str, *, source: str) -> SecurityGroupRule:
    """Let a security group reach any address on port 443."""
    return VpcSecurityGroupEgressRule(
        scope,
        f"{label}-egress",
        security_group_id=source,
        cidr_ipv4=ANYWHERE,
        ip_protocol="tcp",
        from_port=HTTPS_PORT,
        to_port=HTTPS_PORT,
        description="HTTPS to anywhere",
        tags={"Name": "HTTPS to anywhere"},
    )
