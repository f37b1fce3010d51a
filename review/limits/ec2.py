"""VPCs and security groups.

Source: Amazon VPC User Guide.
"""

VPC_PREFIX = (16, 28)
"""The shortest and longest prefix of a VPC's and a subnet's IPv4 block (VPC User Guide, VPC CIDR
blocks)."""

PUBLIC_PORTS = (80, 443)
"""Ports that a service for everybody opens."""

DESCRIPTION_PATTERN = r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}"
"""What EC2 accepts as a security group's name or description (EC2 API reference,
CreateSecurityGroup)."""

RESERVED_GROUP_PREFIX = "sg-"
"""How the name of a security group may not begin."""

ELASTIC_ADDRESSES = 5
"""Elastic addresses of a region, unless AWS has raised the quota."""

FLOW_LOG_SECONDS = (60, 600)
"""The intervals of flow logs (EC2 API reference, CreateFlowLogs)."""
