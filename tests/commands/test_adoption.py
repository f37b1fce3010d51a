"""Every resource type of the stacks has its place in the table of adoption."""

from collections import Counter
from collections.abc import Mapping
from string import Formatter
from typing import cast

import pytest

from commands.adoption.lookup import Search
from commands.adoption.stack import KnownValues, RemoteOutputs, UnknownValueError
from commands.adoption.table import ADOPTED, REPEATED, TOLD
from tests.synthesis import Synthesis


def test_every_resource_type_is_adopted_told_or_repeated(synthesis: Synthesis) -> None:
    for stack in synthesis.stacks.values():
        for type_, name, _ in stack.all_resources():
            groups = [type_ in ADOPTED, type_ in TOLD, type_ in REPEATED]
            assert sum(groups) == 1, f"{type_}.{name}"


def test_resources_are_found_by_arguments_that_they_have(synthesis: Synthesis) -> None:
    for stack in synthesis.stacks.values():
        for type_, name, block in stack.all_resources():
            if lookup := (ADOPTED | TOLD).get(type_):
                missing = _names(lookup.find.arguments) | _names(lookup.find.items)
                assert missing <= block.keys(), f"{type_}.{name}"


def test_no_two_rules_of_a_security_group_have_the_same_identity(synthesis: Synthesis) -> None:
    for stack in synthesis.stacks.values():
        for type_ in ("ingress", "egress"):
            rules = stack.resources(f"aws_vpc_security_group_{type_}_rule").values()
            identities = Counter(
                (rule["security_group_id"], rule["from_port"], rule["tags"]["Name"])
                for rule in rules
            )
            assert all(count == 1 for count in identities.values()), identities


def test_keys_of_an_environment_have_different_descriptions(synthesis: Synthesis) -> None:
    """The description is what tells keys with the same tags apart."""
    descriptions = Counter(
        (block.get("provider", "aws"), block["description"])
        for stack in synthesis.stacks.values()
        for block in stack.resources("aws_kms_key").values()
    )
    assert set(descriptions.values()) == {1}


class _Client:
    """A client of EC2 that knows one VPC."""

    def __init__(self, tags: Mapping[str, str]) -> None:
        self._tags = [{"Key": key, "Value": value} for key, value in tags.items()]

    def can_paginate(self, _operation: str) -> bool:
        return False

    def describe_vpcs(self, **_: object) -> dict[str, object]:
        return {"Vpcs": [{"VpcId": "vpc-1", "Tags": self._tags}]}


@pytest.mark.parametrize(
    ("required", "found", "adopted"),
    [
        ({"Owner": "shop"}, {"Owner": "shop", "Name": "shop", "Seen": "1"}, True),
        ({"Owner": "shop"}, {"Name": "shop"}, False),
        ({"Owner": "shop"}, {"Owner": "other", "Name": "shop"}, False),
        ({"Owner": "shop"}, {"Owner": "shop", "Name": "shop", "Suffix": "pr42"}, False),
        ({"Owner": "shop", "Suffix": "pr42"}, {"Owner": "shop", "Name": "shop"}, False),
    ],
)
def test_only_what_carries_all_tags_of_this_copy_is_found(
    required: dict[str, str], found: dict[str, str], *, adopted: bool
) -> None:
    client = _Client(found)
    search = Search(
        lookup=ADOPTED["aws_vpc"],
        block={"tags": {"Name": "shop"}},
        known=KnownValues(attributes={}, remote_outputs=RemoteOutputs(read=dict)),
        client=lambda _service: client,
        required_tags=required,
    )
    assert [each.id for each in search.run()] == (["vpc-1"] if adopted else [])


def test_what_has_no_parent_is_not_looked_for() -> None:
    search = Search(
        lookup=ADOPTED["aws_subnet"],
        block={"vpc_id": "${aws_vpc.it.id}", "cidr_block": "10.0.0.0/24"},
        known=KnownValues(attributes={}, remote_outputs=RemoteOutputs(read=dict)),
        client=lambda _service: _Client({}),
        required_tags={},
    )
    with pytest.raises(UnknownValueError, match="vpc"):
        search.run()


def _names(template: object) -> set[str]:
    """Return the names of the configuration that a template contains."""
    if isinstance(template, str):
        fields = (name for _, name, _, _ in Formatter().parse(template) if name)
        return {name.partition("[")[0] for name in fields}
    if isinstance(template, dict):
        return _names([*cast("dict[str, object]", template).values()])
    if isinstance(template, list):
        return {name for each in cast("list[object]", template) for name in _names(each)}
    return set()
