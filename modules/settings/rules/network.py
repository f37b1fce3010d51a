"""Rules of the VPC."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from modules.settings.environment import Settings
from modules.settings.network import SUBNET_PREFIX_GROWTH
from modules.settings.rules.problem import Problem, check_unique

PRIVATE_BLOCKS = tuple(
    IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)

MAX_SUBNET_PREFIX = 27

MAX_VPC_PREFIX_SIZE = 16


def _check_cidr(settings: Settings) -> Iterator[Problem]:
    network = settings.network
    prefix = network.cidr.prefixlen
    longest = MAX_SUBNET_PREFIX - SUBNET_PREFIX_GROWTH
    if not MAX_VPC_PREFIX_SIZE <= prefix <= longest:
        yield Problem(
            key="network.cidr",
            message=f"is a /{prefix}; the subnets need a /{MAX_VPC_PREFIX_SIZE} to /{longest}",
        )
    if not any(network.cidr.subnet_of(block) for block in PRIVATE_BLOCKS):
        blocks = ", ".join(map(str, PRIVATE_BLOCKS))
        yield Problem(key="network.cidr", message=f"should be in {blocks} (RFC 1918)")


def _check_zones(settings: Settings) -> Iterator[Problem]:
    yield from check_unique("network.zones", settings.network.zones)


def _check_interface_endpoints(settings: Settings) -> Iterator[Problem]:
    yield from check_unique("network.interface_endpoints", settings.network.interface_endpoints)


RULES = (_check_cidr, _check_zones, _check_interface_endpoints)
