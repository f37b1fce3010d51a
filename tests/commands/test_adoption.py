"""Every resource type of the stacks has its place in the table of adoption."""

from collections import Counter
from string import Formatter
from typing import cast

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
