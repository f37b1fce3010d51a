"""Security group rules that admit more than before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from review.changes.model import Finding, Level
from review.changes.reading import Change
from review.changes.risks.common import finding
from review.limits import ec2
from review.terraform.shapes import as_list, as_mapping, bodies
from review.terraform.values import Unknown

GROUPS = ("aws_security_group", "aws_default_security_group")
RULES = ("aws_vpc_security_group_ingress_rule", "aws_security_group_rule")
WORLD = ("0.0.0.0/0", "::/0")
ALL = ("-1", "all")


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Who may reach which ports."""

    peer: str
    protocol: str
    ports: tuple[int, int]

    @property
    def is_world(self) -> bool:
        """Whether it admits everybody."""
        return self.peer in WORLD

    @property
    def words(self) -> str:
        """What it admits, for a person."""
        who = "everybody" if self.is_world else self.peer
        if self.protocol in ALL:
            return f"{who} to every port"
        first, last = self.ports
        return f"{who} to {self.protocol} {first if first == last else f'{first} to {last}'}"

    def covers(self, other: "Opening") -> bool:
        """Return whether it admits all that another one admits."""
        return (
            (self.peer == other.peer or self.is_world)
            and (self.protocol in ALL or self.protocol == other.protocol)
            and (
                self.protocol in ALL
                or (self.ports[0] <= other.ports[0] and other.ports[1] <= self.ports[1])
            )
        )


def find_openings(change: Change) -> Iterator[Finding]:
    """Find what security groups admit now, and did not before."""
    if change.action not in {"create", "update", "replace"}:
        return
    before, after = list(_openings(change, change.before)), list(_openings(change, change.after))
    for opening in after:
        if any(each.covers(opening) for each in before):
            continue
        level = _level(opening, is_new=change.action == "create")
        if level:
            yield finding(
                change,
                risk="exposure",
                level=level,
                sentence=f"It admits {opening.words}, which it did not before.",
            )


def _level(opening: Opening, *, is_new: bool) -> Level | None:
    if opening.is_world:
        first, last = opening.ports
        is_public = opening.protocol == "tcp" and first == last and first in ec2.PUBLIC_PORTS
        return "care" if is_public else "danger"
    # A new rule between parts of a new network says nothing.
    return None if is_new else "care"


def _openings(change: Change, values: Mapping[str, Any]) -> Iterator[Opening]:
    if change.type in GROUPS:
        for body in bodies(values.get("ingress")):
            yield from _of_rule(body)
    elif change.type in RULES and values.get("type", "ingress") == "ingress":
        yield from _of_rule(as_mapping(values))


def _of_rule(body: Mapping[str, Any]) -> Iterator[Opening]:
    protocol = body.get("ip_protocol") or body.get("protocol")
    first, last = body.get("from_port"), body.get("to_port")
    ports = (first if isinstance(first, int) else 0, last if isinstance(last, int) else 65_535)
    names = (
        "cidr_blocks", "cidr_ipv4", "cidr_ipv6", "ipv6_cidr_blocks", "prefix_list_id",
        "prefix_list_ids", "referenced_security_group_id", "security_groups",
        "source_security_group_id",
    )  # fmt: skip
    for name in names:
        for peer in as_list(body.get(name)):
            if peer and not isinstance(peer, Unknown):
                yield Opening(peer=str(peer), protocol=str(protocol), ports=ports)
