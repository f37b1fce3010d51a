"""Settings of the VPC."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from modules.settings.section import LogRetentionDays, Section

ZONE_LETTERS = "abcdefgh"
"""Letters of availability zones. Each has a fixed address block, so a new zone moves no other."""

SUBNET_TIERS = ("public", "private", "isolated")

SUBNET_PREFIX_GROWTH = 5
"""Bits that subnet prefixes add to the VPC's prefix: 32 blocks, 8 zones in each of 3 tiers."""

ZoneLetter = Literal["a", "b", "c", "d", "e", "f", "g", "h"]

InterfaceEndpointName = Literal[
    "ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "xray"
]  # fmt: skip


class FlowLogSettings(Section):
    """VPC flow logs."""

    traffic: Literal["ACCEPT", "ALL", "REJECT"] = "ALL"
    """Traffic that is recorded."""

    aggregation_seconds: Literal[60, 600] = 60
    """Most seconds that a record covers; AWS has these two values (VPC User Guide, Flow log
    records)."""

    retention_days: LogRetentionDays = 90


class NetworkSettings(Section):
    """The VPC, its subnets in every zone, NAT and endpoints."""

    cidr: IPv4Network = IPv4Network("10.0.0.0/16")
    """Address block, /16 to /22. AWS allows /16 to /28 (VPC User Guide, VPC CIDR blocks); each
    subnet takes 1/32 of it and must be a /27 or larger for a load balancer (Elastic Load Balancing
    User Guide, Subnets for your load balancer)."""

    zones: Annotated[tuple[ZoneLetter, ...], Field(min_length=2, max_length=8)] = ("a", "b", "c")
    """Letters of the availability zones, at least two: Aurora's subnet group and the load balancer
    both need two (Aurora User Guide, DB subnet groups)."""

    nat_gateways: Literal["per_zone", "single"] = "per_zone"
    """One NAT gateway in each zone, or a single one for all zones. A single one is cheaper, but an
    outage of its zone cuts off all zones. Each needs an Elastic IP, of which an account has 5 in a
    region by default (VPC User Guide, Amazon VPC quotas)."""

    interface_endpoints: tuple[InterfaceEndpointName, ...] = ("secretsmanager",)
    """AWS services reached through an interface endpoint rather than NAT. Only Secrets Manager is
    needed: image pull, function logs and the secret's decryption do not pass through the VPC."""

    flow_logs: FlowLogSettings = FlowLogSettings()
