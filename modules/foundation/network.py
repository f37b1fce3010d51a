"""The VPC: subnets in every zone, their routes and NAT gateways."""

from cdktf import Precondition, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.data_aws_availability_zones import (
    DataAwsAvailabilityZones,
    DataAwsAvailabilityZonesFilter,
)
from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc
from constructs import Construct

from modules.settings import NetworkSettings
from modules.settings.network import SUBNET_PREFIX_GROWTH, SUBNET_TIERS, ZONE_LETTERS
from modules.shared.addresses import ANYWHERE


class Network(Construct):
    """A VPC with public, private and isolated subnets.

    Public subnets reach the internet gateway, private ones a NAT gateway, isolated ones nothing.
    Everything that belongs to a zone is named after it and owns a fixed address block, so adding a
    zone leaves the others as they are.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, region: str, settings: NetworkSettings
    ) -> None:
        super().__init__(scope, id_)
        self._name = name
        self._region = region
        self._settings = settings
        self._vpc = self._build_vpc()
        self.vpc_id = self._vpc.id
        self.cidr = str(settings.cidr)
        self.public_subnets = self._build_subnets("public")
        self.private_subnets = self._build_subnets("private")
        self.isolated_subnets = self._build_subnets("isolated")
        self.default_security_group = DefaultSecurityGroup(
            self, "default-security-group", vpc_id=self.vpc_id, tags={"Name": f"{name}-locked"}
        )
        gateway = InternetGateway(self, "internet-gateway", vpc_id=self.vpc_id, tags={"Name": name})
        public = self._build_route_table("public")
        self._build_default_route("public", public, gateway_id=gateway.id)
        self._associate(public, self.public_subnets)
        self.addresses: dict[str, Eip] = {}
        self.nat_gateways = self._build_nat_gateways(gateway)
        self._private_route_tables = self._build_private_routes()
        self._isolated_route_table = self._build_route_table("isolated")
        self._associate(self._isolated_route_table, self.isolated_subnets)

    @property
    def private_subnet_ids(self) -> list[str]:
        """Ids of the private subnets, by zone."""
        return [subnet.id for subnet in self.private_subnets.values()]

    @property
    def isolated_subnet_ids(self) -> list[str]:
        """Ids of the isolated subnets, by zone."""
        return [subnet.id for subnet in self.isolated_subnets.values()]

    @property
    def inner_route_table_ids(self) -> list[str]:
        """Ids of the private and isolated route tables."""
        tables = [*self._private_route_tables.values(), self._isolated_route_table]
        return [table.id for table in tables]

    def _build_vpc(self) -> Vpc:
        """Build the VPC; if a zone does not exist, the plan fails and not the apply of a subnet."""
        available = DataAwsAvailabilityZones(
            self,
            "zones",
            state="available",
            filter=[
                DataAwsAvailabilityZonesFilter(name="opt-in-status", values=["opt-in-not-required"])
            ],
        )
        wanted = [self._zone_name(letter) for letter in self._settings.zones]
        return Vpc(
            self,
            "vpc",
            cidr_block=str(self._settings.cidr),
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": self._name},
            lifecycle=TerraformResourceLifecycle(
                precondition=[
                    Precondition(
                        condition=f"${{length(setsubtract({_hcl_list(wanted)}, "
                        f"{available.fqn}.names)) == 0}}",
                        error_message=f"network.zones: {self._region} has not all of the zones "
                        f"{', '.join(self._settings.zones)}; choose others.",
                    )
                ]
            ),
        )

    def _zone_name(self, letter: str) -> str:
        return f"{self._region}{letter}"

    def _build_subnets(self, tier: str) -> dict[str, Subnet]:
        blocks = list(self._settings.cidr.subnets(prefixlen_diff=SUBNET_PREFIX_GROWTH))
        first_block = SUBNET_TIERS.index(tier) * len(ZONE_LETTERS)
        return {
            letter: Subnet(
                self,
                f"{tier}-{letter}",
                vpc_id=self.vpc_id,
                availability_zone=self._zone_name(letter),
                cidr_block=str(blocks[first_block + ZONE_LETTERS.index(letter)]),
                map_public_ip_on_launch=False,
                tags={"Name": f"{self._name}-{tier}-{letter}", "Tier": tier},
            )
            for letter in self._settings.zones
        }

    def _build_nat_gateways(self, gateway: InternetGateway) -> dict[str, NatGateway]:
        per_zone = self._settings.nat_gateways == "per_zone"
        letters = self._settings.zones if per_zone else self._settings.zones[:1]
        gateways: dict[str, NatGateway] = {}
        for letter in letters:
            tags = {"Name": f"{self._name}-nat-{letter}"}
            self.addresses[letter] = Eip(
                self, f"nat-address-{letter}", domain="vpc", tags=tags, depends_on=[gateway]
            )
            gateways[letter] = NatGateway(
                self,
                f"nat-{letter}",
                allocation_id=self.addresses[letter].allocation_id,
                subnet_id=self.public_subnets[letter].id,
                tags=tags,
                # AWS accepts a NAT gateway earlier, but it cannot reach the internet until then.
                depends_on=[gateway],
            )
        return gateways

    def _build_private_routes(self) -> dict[str, RouteTable]:
        shared = next(iter(self.nat_gateways.values()))
        tables: dict[str, RouteTable] = {}
        for letter, subnet in self.private_subnets.items():
            nat = self.nat_gateways.get(letter, shared)
            table = self._build_route_table(f"private-{letter}")
            self._build_default_route(f"private-{letter}", table, nat_gateway_id=nat.id)
            self._associate(table, {letter: subnet})
            tables[letter] = table
        return tables

    def _build_route_table(self, label: str) -> RouteTable:
        return RouteTable(
            self,
            f"{label}-routes",
            vpc_id=self.vpc_id,
            tags={"Name": f"{self._name}-{label}"},
        )

    def _build_default_route(
        self,
        label: str,
        table: RouteTable,
        *,
        gateway_id: str | None = None,
        nat_gateway_id: str | None = None,
    ) -> None:
        Route(
            self,
            f"{label}-default-route",
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            gateway_id=gateway_id,
            nat_gateway_id=nat_gateway_id,
        )

    def _associate(self, table: RouteTable, subnets: dict[str, Subnet]) -> None:
        for subnet in subnets.values():
            RouteTableAssociation(
                self,
                f"{subnet.node.id}-association",
                subnet_id=subnet.id,
                route_table_id=table.id,
            )


def _hcl_list(names: list[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
