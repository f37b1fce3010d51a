"""Private DNS of endpoints; gaps of moto 5.2.5.

- An endpoint gets private DNS in a VPC without DNS host names.
- A second endpoint gets private DNS for a service that has one in the VPC.
"""

from typing import Any

from moto.ec2.exceptions import InvalidParameter
from moto.ec2.models.vpcs import VPCBackend, VPCEndPoint

from local_aws.graft import graft

_create_vpc_endpoint = VPCBackend.create_vpc_endpoint


@graft
class _Endpoints(VPCBackend):
    def create_vpc_endpoint(  # moto's signature
        self,
        vpc_id: str,
        service_name: str,
        *arguments: Any,  # noqa: ANN401
        private_dns_enabled: bool | None = None,
        **more: Any,  # noqa: ANN401
    ) -> VPCEndPoint:
        if str(private_dns_enabled).lower() == "true":
            vpc = self.get_vpc(vpc_id)
            if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
                message = (
                    "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames "
                    f"VPC attributes set to true for {vpc_id}"
                )
                raise InvalidParameter(message)
            for other in self.vpc_end_points.values():
                if (
                    (other.vpc_id, other.service_name) == (vpc_id, service_name)
                    and other.state != "deleted"
                    and str(other.private_dns_enabled).lower() == "true"
                ):
                    message = (
                        "private-dns-enabled cannot be set because there is already a conflicting "
                        f"DNS domain for {service_name} in the VPC {vpc_id}"
                    )
                    raise InvalidParameter(message)
        return _create_vpc_endpoint(
            self,
            vpc_id,
            service_name,
            *arguments,
            private_dns_enabled=private_dns_enabled,
            **more,
        )
