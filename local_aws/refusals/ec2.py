"""EC2 (API reference, CreateVpc, CreateSecurityGroup, CreateFlowLogs and others)."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Network

from local_aws.refusals.refusal import Parameters, Refusal, Request, parts
from review.limits import ec2

RULES = (
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    "ModifySecurityGroupRules",
)
PORT_PROTOCOLS = ("tcp", "udp", "6", "17")


def _find_size(request: Request) -> Iterator[str]:
    text = request.parameters.get("CidrBlock")
    if text:
        length = IPv4Network(text, strict=False).prefixlen
        if not ec2.VPC_PREFIX[0] <= length <= ec2.VPC_PREFIX[1]:
            yield f"The CIDR '{text}' is invalid."


def _find_zone(request: Request) -> Iterator[str]:
    zone = request.parameters.get("AvailabilityZone")
    if zone and not zone.startswith(request.region):
        yield f"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently "
        yield f"only be created in the zones of {request.region}."


def _find_texts(request: Request) -> Iterator[str]:
    parameters = request.parameters
    for name, text in (
        ("GroupName", parameters.get("GroupName")),
        ("GroupDescription", parameters.get("Description")),
    ):
        if text and not re.fullmatch(ec2.DESCRIPTION_PATTERN, text):
            yield f"Value ({text}) for parameter {name} is invalid. Character sets beyond ASCII "
            yield "are not supported."
    if str(parameters.get("GroupName")).startswith(ec2.RESERVED_GROUP_PREFIX):
        yield "Group name cannot start with sg-."


def _rules(request: Request) -> list[Parameters]:
    rules = parts(request.parameters, "IpPermissions")
    changed = parts(request.parameters, "SecurityGroupRules")
    return [*rules, *(each.get("SecurityGroupRule") or {} for each in changed)]


def _find_rules(request: Request) -> Iterator[str]:
    for each in _rules(request):
        first, last = each.get("FromPort"), each.get("ToPort")
        has_ports = each.get("IpProtocol") in PORT_PROTOCOLS
        if has_ports and first is not None and last is not None and int(first) > int(last):
            yield f"Invalid TCP/UDP port range ({first}:{last})"
        ranges = [*parts(each, "IpRanges"), *parts(each, "UserIdGroupPairs"), each]
        for text in (one.get("Description") for one in ranges):
            if text and not re.fullmatch(ec2.DESCRIPTION_PATTERN, text):
                yield f"Invalid rule description: {text}"


def _find_interval(request: Request) -> Iterator[str]:
    seconds = request.parameters.get("MaxAggregationInterval")
    if seconds is not None and int(seconds) not in ec2.FLOW_LOG_SECONDS:
        yield f"Invalid value {seconds} for MaxAggregationInterval."


REFUSALS = (
    Refusal(service="ec2", operations=("CreateVpc",), code="InvalidVpc.Range", find=_find_size),
    Refusal(
        service="ec2", operations=("CreateSubnet",), code="InvalidSubnet.Range", find=_find_size
    ),
    Refusal(
        service="ec2",
        operations=("CreateSubnet",),
        code="InvalidParameterValue",
        find=_find_zone,
    ),
    Refusal(
        service="ec2",
        operations=("CreateSecurityGroup",),
        code="InvalidParameterValue",
        find=_find_texts,
    ),
    Refusal(service="ec2", operations=RULES, code="InvalidParameterValue", find=_find_rules),
    Refusal(
        service="ec2",
        operations=("CreateFlowLogs",),
        code="InvalidParameter",
        find=_find_interval,
    ),
)
