"""Security groups and their rules."""

import re
from collections.abc import Iterator

from review.guardrails.rule import rule
from review.limits import ec2
from review.terraform import Block, Configuration, NotEvaluableError, Resource

GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"
REFERENCE = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
GROUP = "aws_security_group"
INGRESS = "aws_vpc_security_group_ingress_rule"
EGRESS = "aws_vpc_security_group_egress_rule"
OLD = "aws_security_group_rule"
EVERYWHERE = ("0.0.0.0/0", "::/0")
ALL_PROTOCOLS = ("-1", "all")


def ingress(resource: Resource) -> list[Block]:
    """Return the rules for incoming traffic that a resource has, or is."""
    if resource.type == GROUP:
        return resource.blocks("ingress")
    is_ingress = resource.type == INGRESS or resource.text("type") == "ingress"
    return [resource] if is_ingress else []


def blocks_of(each: Block) -> list[object]:
    """Return the address blocks that a rule admits."""
    lists = [each.items(name) for name in ("cidr_blocks", "ipv6_cidr_blocks")]
    single = [each.get(name) for name in ("cidr_ipv4", "cidr_ipv6")]
    return [*lists[0], *lists[1], *(one for one in single if one is not None)]


def protocol_of(each: Block) -> str:
    """Return the protocol of a rule."""
    value = each.known("ip_protocol") if "ip_protocol" in each.raw else each.known("protocol")
    return str(value).lower()


@rule(
    "security-group-open",
    GROUP,
    INGRESS,
    OLD,
    title="A security group opens only 80 and 443 to everybody",
    aws="Anybody on the internet can reach the port.",
    fix="Name the clients' security group, prefix list or block.",
    source=f"{GUIDE}/security-group-rules.html",
    applies=lambda resource, _all: any(
        one in EVERYWHERE
        for each in ingress(resource)
        for one in blocks_of(each)
        if isinstance(one, str)
    ),
)
def open_to_everybody(resource: Resource, _all: Configuration) -> Iterator[str]:
    """Find other ports that are open to everybody."""
    for each in ingress(resource):
        if not any(one in EVERYWHERE for one in blocks_of(each) if isinstance(one, str)):
            continue
        first, last = each.number("from_port"), each.number("to_port")
        protocol = protocol_of(each)
        if protocol in {"icmp", "icmpv6", "1", "58"}:
            continue
        if protocol in ALL_PROTOCOLS:
            yield "It opens everything to everybody."
        elif first is None or first != last or first not in ec2.PUBLIC_PORTS:
            yield f"It opens {first or 0:g} to {last or 0:g} to everybody."


@rule(
    "security-group-ports",
    INGRESS,
    EGRESS,
    OLD,
    title="The ports of a rule are in order",
    aws="AuthorizeSecurityGroupIngress answers InvalidParameterValue.",
    fix="Set from_port to at most to_port.",
    source=f"{REFERENCE}/API_AuthorizeSecurityGroupIngress.html",
    applies=lambda each, _all: protocol_of(each) in {"tcp", "udp", "6", "17"},
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def ports(each: Resource, _all: Configuration) -> Iterator[str]:
    """Compare both."""
    first, last = each.number("from_port"), each.number("to_port")
    if first is None or last is None:
        yield "It has no ports."
    elif first > last:
        yield f"It opens {first:g} to {last:g}."


@rule(
    "security-group-all-ports",
    INGRESS,
    EGRESS,
    title="A rule for all protocols has no ports",
    aws="AuthorizeSecurityGroupIngress opens all ports: what is written is not what happens.",
    fix="Remove from_port and to_port, or name a protocol.",
    source=f"{REFERENCE}/API_IpPermission.html",
    severity="warning",
    applies=lambda each, _all: protocol_of(each) in ALL_PROTOCOLS,
)
def all_ports(each: Resource, _all: Configuration) -> Iterator[str]:
    """Find ports beside -1."""
    named = [each.number("from_port"), each.number("to_port")]
    if any(port is not None and port > 0 for port in named):
        yield "It names all protocols and single ports."


@rule(
    "security-group-characters",
    GROUP,
    title="EC2 accepts the name and the description of a security group",
    aws="CreateSecurityGroup answers InvalidParameterValue.",
    fix="Use letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*; no name begins with sg-.",
    source=f"{REFERENCE}/API_CreateSecurityGroup.html",
    applies=lambda group, _all: group.is_set("name") or group.is_set("description"),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def characters(group: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with what EC2 accepts."""
    for name in ("name", "description"):
        text = group.text(name)
        if not re.fullmatch(ec2.DESCRIPTION_PATTERN, text):
            yield f"EC2 refuses the {name} {text!r}."
    if group.text("name").lower().startswith(ec2.RESERVED_GROUP_PREFIX):
        yield f"Its name begins with {ec2.RESERVED_GROUP_PREFIX}."


@rule(
    "security-group-rule-description",
    INGRESS,
    EGRESS,
    OLD,
    title="EC2 accepts the description of a rule",
    aws="AuthorizeSecurityGroupIngress answers InvalidParameterValue.",
    fix="Use letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*.",
    source=f"{REFERENCE}/API_IpRange.html",
    applies=lambda each, _all: each.is_set("description"),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def rule_description(each: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with what EC2 accepts."""
    text = each.text("description")
    if not re.fullmatch(ec2.DESCRIPTION_PATTERN, text):
        yield f"EC2 refuses {text!r}."


@rule(
    "security-group-duplicate",
    INGRESS,
    EGRESS,
    title="A security group has each rule once",
    aws="AuthorizeSecurityGroupIngress answers InvalidPermission.Duplicate.",
    fix="Remove one of them.",
    source=f"{REFERENCE}/API_AuthorizeSecurityGroupIngress.html",
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def duplicate(each: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with the rules of the same group after it."""
    own = _signature(each, everything)
    groups = everything.linked(each, "security_group_id", GROUP)
    same = everything.users(groups[0], each.type, "security_group_id") if groups else []
    rules = same or everything.of(each.type)
    for other in rules[rules.index(each) + 1 :]:
        try:
            theirs = _signature(other, everything)
        except NotEvaluableError:
            continue
        if own == theirs:
            yield f"{other.address} is the same."


def _signature(each: Resource, everything: Configuration) -> tuple[object, ...]:
    """Return what tells a rule from others.

    Raises:
        NotEvaluableError: A part of it is not visible.
    """
    peers = ("referenced_security_group_id", "prefix_list_id")
    named = tuple(
        frozenset((link.resource, link.attribute) for link in everything.links(each, name))
        or each.text(name)
        for name in ("security_group_id", *peers)
    )
    values = tuple(str(each.known(name)) for name in ("cidr_ipv4", "cidr_ipv6"))
    ports_named = (each.number("from_port"), each.number("to_port"))
    return (*named, *values, *ports_named, protocol_of(each))
