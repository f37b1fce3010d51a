"""Subnet groups; a gap of moto 5.2.5.

- A subnet group has subnets of one zone only.
"""

from typing import Any

from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBSubnetGroup, RDSBackend

from local_aws.graft import graft
from review.limits import rds

_create_subnet_group = RDSBackend.create_subnet_group


class _TooFewZonesError(RDSClientError):
    def __init__(self) -> None:
        super().__init__(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current "
            f"AZ coverage: 1. Add subnets to cover at least {rds.ZONES} AZs.",
        )


@graft
class _SubnetGroups(RDSBackend):
    def create_subnet_group(
        self,
        subnet_name: str,
        description: str,
        subnets: list[Any],
        tags: list[dict[str, str]],
    ) -> DBSubnetGroup:
        if len({subnet.availability_zone for subnet in subnets}) < rds.ZONES:
            raise _TooFewZonesError
        return _create_subnet_group(self, subnet_name, description, subnets, tags)
