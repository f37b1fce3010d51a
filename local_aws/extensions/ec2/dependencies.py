"""Deletion of what is still in use in a VPC; gaps of moto 5.2.5.

- A security group is deleted although a rule of another group, a network interface, a load
  balancer, a function or a database uses it.
- A subnet is deleted although a network interface, a load balancer or a function uses it.
- A VPC is deleted although it has security groups or an internet gateway.
"""

from collections.abc import Iterator
from typing import Any, cast

from moto.awslambda.models import lambda_backends
from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroupBackend
from moto.ec2.models.subnets import Subnet, SubnetBackend
from moto.ec2.models.vpcs import VPC, VPCBackend
from moto.elbv2.models import elbv2_backends
from moto.rds.models import rds_backends

from local_aws.graft import graft

_delete_security_group = SecurityGroupBackend.delete_security_group
_delete_subnet = SubnetBackend.delete_subnet
_delete_vpc = VPCBackend.delete_vpc


@graft
class _Groups(SecurityGroupBackend):
    def delete_security_group(self, name: str | None = None, group_id: str | None = None) -> None:
        ec2 = cast("EC2Backend", cast("object", self))
        if group_id is not None and group_id in {*_referenced(ec2, group_id), *_groups_used(ec2)}:
            message = f"resource {group_id} has a dependent object"
            raise DependencyViolationError(message)
        _delete_security_group(self, name, group_id)


@graft
class _Subnets(SubnetBackend):
    def delete_subnet(self, subnet_id: str) -> Subnet:
        if subnet_id in _subnets_used(cast("EC2Backend", cast("object", self))):
            message = f"The subnet '{subnet_id}' has dependencies and cannot be deleted."
            raise DependencyViolationError(message)
        return _delete_subnet(self, subnet_id)


@graft
class _Vpcs(VPCBackend):
    def delete_vpc(self, vpc_id: str) -> VPC:
        ec2 = cast("EC2Backend", cast("object", self))
        groups = [group for group in ec2.groups[vpc_id].values() if not group.is_default]
        gateways = [it for it in ec2.internet_gateways.values() if it.vpc and it.vpc.id == vpc_id]
        if groups or gateways:
            message = f"The vpc '{vpc_id}' has dependencies and cannot be deleted."
            raise DependencyViolationError(message)
        return _delete_vpc(self, vpc_id)


def _referenced(ec2: EC2Backend, group_id: str) -> Iterator[str]:
    """Yield the groups that rules of other groups than `group_id` refer to."""
    for groups in ec2.groups.values():
        for group in groups.values():
            for rule in [*group.ingress_rules, *group.egress_rules] if group.id != group_id else []:
                yield rule.source_group.get("GroupId", "")


def _groups_used(ec2: EC2Backend) -> Iterator[str]:
    place = ec2.account_id, ec2.region_name
    for interface in ec2.enis.values():
        yield from (group.id for group in interface.group_set)
    for endpoint in ec2.vpc_end_points.values():
        # moto keeps deleted ones.
        yield from endpoint.security_group_ids if endpoint.state != "deleted" else []
    for balancer in elbv2_backends[place[0]][place[1]].load_balancers.values():
        yield from balancer.security_groups
    for function in lambda_backends[place[0]][place[1]].list_functions():
        yield from _network(function).get("SecurityGroupIds", [])
    databases = rds_backends[place[0]][place[1]]
    for database in [*databases.clusters.values(), *databases.databases.values()]:
        yield from cast("Any", database).vpc_security_group_ids


def _subnets_used(ec2: EC2Backend) -> Iterator[str]:
    place = ec2.account_id, ec2.region_name
    for interface in ec2.enis.values():
        yield interface.subnet.id
    for balancer in elbv2_backends[place[0]][place[1]].load_balancers.values():
        yield from (subnet.id for subnet in balancer.subnets)
    for function in lambda_backends[place[0]][place[1]].list_functions():
        yield from _network(function).get("SubnetIds", [])


def _network(function: Any) -> dict[str, list[str]]:  # noqa: ANN401  # moto's type lacks the field
    return function.vpc_config or {}
