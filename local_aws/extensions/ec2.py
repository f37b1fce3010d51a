"""EC2; gaps of moto 5.2.5.

- The response lacks the description of a security group rule that names a group or a prefix list.
- A deleted NAT gateway keeps its network interface and its associated address.
"""

from typing import cast

from moto.ec2.models import EC2Backend
from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend
from moto.ec2.models.security_groups import SecurityGroupRule

from local_aws.graft import graft

_init_rule = SecurityGroupRule.__init__
_delete_nat_gateway = NatGatewayBackend.delete_nat_gateway


@graft
class _Rule(SecurityGroupRule):
    def __init__(
        self,
        ec2_backend: object,
        ip_protocol: str,
        group_id: str,
        from_port: str | None,
        to_port: str | None,
        ip_range: dict[str, str] | None,
        source_group: dict[str, str] | None = None,
        prefix_list_id: dict[str, str] | None = None,
        is_egress: bool = True,  # noqa: FBT001, FBT002  # as in moto
        tags: dict[str, str] | None = None,
    ) -> None:
        _init_rule(
            *(self, ec2_backend, ip_protocol, group_id, from_port, to_port, ip_range),
            *(source_group, prefix_list_id, is_egress, tags),
        )
        self.first_description = (source_group or prefix_list_id or {}).get("Description")

    @property
    def description(self) -> str | None:
        # moto stores a later change of the description in `ip_range` for every kind of rule.
        return self.ip_range.get("Description", self.first_description)


@graft
class _NatGateways(NatGatewayBackend):
    def delete_nat_gateway(self, nat_gateway_id: str) -> NatGateway:
        gateway = _delete_nat_gateway(self, nat_gateway_id)
        ec2 = cast("EC2Backend", cast("object", self))
        for address in gateway.address_set:
            if association := address.get("associationId"):
                ec2.disassociate_address(association_id=association)
            ec2.enis.pop(address["networkInterfaceId"], None)
        return gateway
