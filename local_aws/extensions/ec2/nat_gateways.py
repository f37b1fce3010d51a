"""NAT gateways; gaps of moto 5.2.5.

- A deleted NAT gateway keeps its network interface and its associated address.
"""

from typing import cast

from moto.ec2.models import EC2Backend
from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend

from local_aws.graft import graft

_delete_nat_gateway = NatGatewayBackend.delete_nat_gateway


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
