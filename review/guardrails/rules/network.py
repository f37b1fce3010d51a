"""VPCs, subnets, routes, endpoints."""

import ipaddress
from collections.abc import Iterator

from review.guardrails.rule import rule
from review.limits import ec2
from review.terraform import Block, Configuration, NotEvaluableError, Resource

GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"
VPC = "aws_vpc"
SUBNET = "aws_subnet"
NAT = "aws_nat_gateway"
GATEWAY = "aws_internet_gateway"
TABLE = "aws_route_table"
ASSOCIATION = "aws_route_table_association"
EVERYWHERE = ("0.0.0.0/0", "::/0")


def block_of(resource: Resource) -> ipaddress.IPv4Network | None:
    """Return the IPv4 block of a VPC or subnet; nothing if it has none.

    Raises:
        NotEvaluableError: It is not known, or is no block.
    """
    text = resource.text("cidr_block")
    if not text:
        return None
    try:
        return ipaddress.IPv4Network(text, strict=False)
    except ValueError as error:
        raise NotEvaluableError(resource.place, "cidr_block is no block") from error


@rule(
    "network-block-size",
    VPC,
    SUBNET,
    title="The block of a VPC or a subnet is a /16 to a /28",
    aws="CreateVpc and CreateSubnet answer InvalidVpc.Range or InvalidSubnet.Range.",
    fix="Choose a block of that size.",
    source=f"{GUIDE}/vpc-cidr-blocks.html",
    applies=lambda resource, _all: resource.is_set("cidr_block"),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def block_size(resource: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the limits."""
    block = block_of(resource)
    if block and not ec2.VPC_PREFIX[0] <= block.prefixlen <= ec2.VPC_PREFIX[1]:
        yield f"Its block is a /{block.prefixlen}."


@rule(
    "network-block-inside",
    SUBNET,
    title="A subnet lies in its VPC",
    aws="CreateSubnet answers InvalidSubnet.Range.",
    fix="Choose a part of the VPC's block.",
    source=f"{GUIDE}/subnet-sizing.html",
    applies=lambda subnet, everything: (
        subnet.is_set("cidr_block") and bool(everything.linked(subnet, "vpc_id", VPC))
    ),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def block_inside(subnet: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with the VPC's blocks."""
    block = block_of(subnet)
    for vpc in everything.linked(subnet, "vpc_id", VPC):
        whole = block_of(vpc)
        if everything.users(vpc, "aws_vpc_ipv4_cidr_block_association", "vpc_id"):
            continue
        if block and whole and not block.subnet_of(whole):
            yield f"{block} is outside {whole} of {vpc.address}."


@rule(
    "network-block-overlap",
    SUBNET,
    title="Subnets of a VPC do not overlap",
    aws="CreateSubnet answers InvalidSubnet.Conflict.",
    fix="Give each subnet a block of its own.",
    source=f"{GUIDE}/subnet-sizing.html",
    applies=lambda subnet, _all: subnet.is_set("cidr_block"),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def block_overlap(subnet: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with the subnets after it."""
    block = block_of(subnet)
    own = {link.resource for link in everything.links(subnet, "vpc_id")}
    subnets = everything.of(SUBNET)
    for other in subnets[subnets.index(subnet) + 1 :]:
        theirs = {link.resource for link in everything.links(other, "vpc_id")}
        same = own & theirs or (not own and other.get("vpc_id") == subnet.get("vpc_id"))
        second = block_of(other) if same else None
        if block and second and block.overlaps(second):
            yield f"{block} overlaps {second} of {other.address}."


@rule(
    "network-peering-overlap",
    "aws_vpc_peering_connection",
    title="VPCs that are connected do not overlap",
    aws="CreateVpcPeeringConnection ends in the state failed: overlapping CIDR blocks.",
    fix="Give each VPC a block of its own.",
    source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
    applies=lambda peering, everything: bool(everything.linked(peering, "peer_vpc_id", VPC)),
)
def peering_overlap(peering: Resource, everything: Configuration) -> Iterator[str]:
    """Compare the blocks of both."""
    for own in everything.linked(peering, "vpc_id", VPC):
        for other in everything.linked(peering, "peer_vpc_id", VPC):
            first, second = block_of(own), block_of(other)
            if first and second and first.overlaps(second):
                yield f"{first} of {own.address} overlaps {second} of {other.address}."


@rule(
    "network-zone-region",
    SUBNET,
    title="The zone of a subnet is in the provider's region",
    aws="CreateSubnet answers InvalidParameterValue: the zone is invalid.",
    fix="Take the zone from data.aws_availability_zones, or name one of the region.",
    source=f"{GUIDE}/create-subnets.html",
    applies=lambda subnet, _all: subnet.is_set("availability_zone"),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def zone_region(subnet: Resource, _all: Configuration) -> Iterator[str]:
    """Compare the beginning of the zone's name."""
    zone = subnet.text("availability_zone")
    if subnet.region and not zone.startswith(subnet.region):
        yield f"{zone} is not in {subnet.region}."


@rule(
    "network-subnet-tables",
    ASSOCIATION,
    title="A subnet is associated with one route table",
    aws="AssociateRouteTable answers Resource.AlreadyAssociated.",
    fix="Remove one of the associations.",
    source=f"{GUIDE}/subnet-route-tables.html",
    applies=lambda one, _all: one.is_set("subnet_id"),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def subnet_tables(association: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with the associations of the same subnet after it."""
    for subnet in everything.linked(association, "subnet_id", SUBNET):
        same = everything.users(subnet, ASSOCIATION, "subnet_id")
        if not subnet.repeated:
            for other in same[same.index(association) + 1 :]:
                yield f"{other.address} is for {subnet.address} too."


@rule(
    "network-nat-order",
    NAT,
    title="A NAT gateway comes after the internet gateway",
    aws="CreateNatGateway ends in the state failed: the network has no internet gateway.",
    fix="Let the NAT gateway depend on the internet gateway.",
    source=f"{GUIDE}/vpc-nat-gateway.html",
    applies=lambda nat, everything: (
        nat.text("connectivity_type") in {"", "public"} and bool(everything.of(GATEWAY))
    ),
)
def nat_order(nat: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the dependency."""
    if not any(everything.comes_after(nat, gateway) for gateway in everything.of(GATEWAY)):
        yield "It does not wait for an internet gateway."


@rule(
    "network-nat-subnet",
    NAT,
    title="A NAT gateway is in a subnet with a route to the internet",
    aws="Nothing behind it reaches the internet, and no error says so.",
    fix="Put it into a public subnet.",
    source=f"{GUIDE}/nat-gateway-troubleshooting.html",
    applies=lambda nat, _all: nat.text("connectivity_type") in {"", "public"},
)
def nat_subnet(nat: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the route of the subnet's table."""
    for subnet in everything.linked(nat, "subnet_id", SUBNET):
        tables = route_tables(subnet, everything)
        if tables and not any(leads_to(table, GATEWAY, everything) for table in tables):
            yield f"{subnet.address} has no route to an internet gateway."


def route_tables(subnet: Resource, everything: Configuration) -> list[Resource]:
    """Return the route tables that a subnet is associated with."""
    return [
        table
        for association in everything.users(subnet, ASSOCIATION, "subnet_id")
        for table in everything.linked(association, "route_table_id", TABLE)
    ]


def leads_to(table: Resource, type_: str, everything: Configuration) -> bool:
    """Return whether a route table has a default route to a gateway of a type."""
    name = "gateway_id" if type_ == GATEWAY else "nat_gateway_id"
    routes: list[Block] = [
        *table.blocks("route"),
        *everything.users(table, "aws_route", "route_table_id"),
    ]
    return any(_is_default(route) and everything.linked(route, name, type_) for route in routes)


def _is_default(route: Block) -> bool:
    names = ("cidr_block", "destination_cidr_block", "ipv6_cidr_block")
    return any(route.get(name) in EVERYWHERE for name in names if isinstance(route.get(name), str))


@rule(
    "network-route-nat-vpc",
    "aws_route",
    title="A route leads to a NAT gateway of its own VPC",
    aws="CreateRoute answers InvalidNatGatewayID.NotFound.",
    fix="Use a NAT gateway of the same VPC.",
    source=f"{GUIDE}/route-table-options.html",
    applies=lambda route, _all: route.is_set("nat_gateway_id"),
)
def route_nat_vpc(route: Resource, everything: Configuration) -> Iterator[str]:
    """Compare the VPCs of both."""
    own = {
        vpc
        for table in everything.linked(route, "route_table_id", TABLE)
        for vpc in everything.linked(table, "vpc_id", VPC)
    }
    for nat in everything.linked(route, "nat_gateway_id", NAT):
        theirs = {
            vpc
            for subnet in everything.linked(nat, "subnet_id", SUBNET)
            for vpc in everything.linked(subnet, "vpc_id", VPC)
        }
        if own and theirs and not own & theirs:
            yield f"{nat.address} is in another VPC."


@rule(
    "network-subnet-table",
    SUBNET,
    title="A subnet is associated with a route table",
    aws="It uses the VPC's main table, which others change too.",
    fix="Declare aws_route_table_association.",
    source=f"{GUIDE}/VPC_Route_Tables.html",
    severity="warning",
    applies=lambda subnet, everything: bool(everything.linked(subnet, "vpc_id", VPC)),
)
def subnet_table(subnet: Resource, everything: Configuration) -> Iterator[str]:
    """Look for an association."""
    if not everything.users(subnet, ASSOCIATION, "subnet_id"):
        yield "It has none."


@rule(
    "network-endpoint-dns",
    "aws_vpc_endpoint",
    title="An interface endpoint has private DNS",
    aws="Clients resolve the service's public address and pass by the endpoint.",
    fix="Set private_dns_enabled = true.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html",
    severity="warning",
    applies=lambda endpoint, _all: (
        endpoint.text("vpc_endpoint_type") == "Interface" and _is_of_aws(endpoint)
    ),
)
def endpoint_dns(endpoint: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the argument."""
    if not endpoint.flag("private_dns_enabled"):
        yield "It has none."


@rule(
    "network-endpoint-twice",
    "aws_vpc_endpoint",
    title="A VPC has one endpoint with private DNS for a service",
    aws="CreateVpcEndpoint answers InvalidParameter: private DNS cannot be enabled, because "
    "there is already a conflicting DNS domain.",
    fix="Remove one of them, or switch off its private DNS.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html",
    applies=lambda endpoint, _all: endpoint.get("private_dns_enabled") is True,
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def endpoint_twice(endpoint: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with the endpoints of the same VPC after it."""
    for vpc in everything.linked(endpoint, "vpc_id", VPC):
        same = everything.users(vpc, "aws_vpc_endpoint", "vpc_id")
        for other in same[same.index(endpoint) + 1 :]:
            if other.get("private_dns_enabled") is True and other.text(
                "service_name"
            ) == endpoint.text("service_name"):
                yield f"{other.address} is for the same service."


def _is_of_aws(endpoint: Resource) -> bool:
    name = endpoint.get("service_name")
    return not isinstance(name, str) or name.startswith("com.amazonaws.")


@rule(
    "network-private-dns-names",
    VPC,
    title="A VPC with private DNS of endpoints has DNS host names",
    aws="CreateVpcEndpoint answers InvalidParameter: enable DNS support and host names first.",
    fix="Set enable_dns_hostnames = true on the VPC.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    applies=lambda vpc, everything: any(
        endpoint.get("private_dns_enabled") is True
        for endpoint in everything.users(vpc, "aws_vpc_endpoint", "vpc_id")
    ),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def private_dns_names(vpc: Resource, _all: Configuration) -> Iterator[str]:
    """Look at both arguments."""
    if not vpc.flag("enable_dns_hostnames"):
        yield "enable_dns_hostnames is off."
    if not vpc.flag("enable_dns_support", default=True):
        yield "enable_dns_support is off."


@rule(
    "network-endpoint-port",
    "aws_vpc_endpoint",
    title="An interface endpoint admits HTTPS",
    aws="Calls of the service time out, because private DNS leads them to the endpoint.",
    fix="Open 443 in a security group of the endpoint.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    applies=lambda endpoint, everything: (
        endpoint.text("vpc_endpoint_type") == "Interface"
        and bool(everything.linked(endpoint, "security_group_ids", "aws_security_group"))
    ),
)
def endpoint_port(endpoint: Resource, everything: Configuration) -> Iterator[str]:
    """Look for a rule of one of its groups."""
    groups = everything.linked(endpoint, "security_group_ids", "aws_security_group")
    for group in groups:
        inline = group.blocks("ingress")
        rules = [
            *everything.users(group, "aws_vpc_security_group_ingress_rule", "security_group_id"),
            *everything.users(group, "aws_security_group_rule", "security_group_id"),
        ]
        for each in [*inline, *rules]:
            if _opens(each, port=443):
                return
    yield f"{groups[0].address} opens no 443."


def _opens(block: Block, *, port: int) -> bool:
    if str(block.get("ip_protocol") or block.get("protocol")) in {"-1", "all"}:
        return True
    first, last = block.number("from_port"), block.number("to_port")
    return first is not None and last is not None and first <= port <= last


@rule(
    "network-flow-logs",
    VPC,
    title="A VPC writes flow logs",
    aws="Nobody can tell afterwards who talked to whom.",
    fix="Declare aws_flow_log for the VPC.",
    source=f"{GUIDE}/flow-logs.html",
    severity="warning",
)
def flow_logs(vpc: Resource, everything: Configuration) -> Iterator[str]:
    """Look for flow logs."""
    if not everything.users(vpc, "aws_flow_log", "vpc_id"):
        yield "It writes none."


@rule(
    "network-elastic-addresses",
    "aws_eip",
    title="A region has five Elastic addresses",
    aws="AllocateAddress answers AddressLimitExceeded, unless AWS has raised the quota.",
    fix="Use fewer NAT gateways, or have the quota raised.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html",
    severity="warning",
)
def elastic_addresses(address: Resource, everything: Configuration) -> Iterator[str]:
    """Count those of the region; the first one beyond the quota tells."""
    same = [each for each in everything.of("aws_eip") if each.region == address.region]
    if same.index(address) == ec2.ELASTIC_ADDRESSES:
        yield f"This region has {len(same)}."
