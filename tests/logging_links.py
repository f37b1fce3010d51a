"""References between the resources of an environment, and the permissions in its policies.

All comes from the synthesised JSON. A missing reference or permission is an AssertionError.
"""

from collections.abc import Iterator
from typing import Any

from commands.dashboard.references import REFERENCE, References, Target
from modules.settings import Part
from tests.synthesis import Block, Synthesis, statements

WRITE_LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}


class Links:
    """The references between the resources of an environment, across its stacks."""

    def __init__(self, synthesis: Synthesis) -> None:
        self._settings = synthesis.settings
        self._stacks = synthesis.stacks
        self._references = References(synthesis.documents())
        self._parts: dict[int, Part] = {
            id(block): part
            for part, stack in synthesis.stacks.items()
            for _, _, block in stack.all_resources()
        }

    def region(self, block: Block) -> str:
        """Return the region of the provider that creates a resource."""
        return block.get("provider", "aws").partition(".")[2] or self._settings.region

    def follow(self, reference: Any, type_: str, *, part: Part) -> Block:  # noqa: ANN401  # any JSON value
        """Return the resource that a reference points at."""
        return self.target(reference, type_, part=part).block

    def target(self, reference: Any, type_: str, *, part: Part) -> Target:  # noqa: ANN401  # any JSON value
        """Return the resource, with its name, that a reference points at."""
        found = REFERENCE.fullmatch(str(reference))
        assert found, f"{reference} is no reference"
        stack = self._settings.stack_id(part)
        target = self._references.resolve(found["address"], stack=stack)
        assert target is not None, f"{reference} points at nothing"
        assert target.type == type_, f"{reference} is no {type_}"
        return target

    def key_of(self, group: Block) -> str:
        """Return the name of a log group's key; CloudWatch Logs must be allowed to use the key."""
        if "kms_key_id" not in group:
            return "CloudWatch's own"
        key = self.follow(group["kms_key_id"], "aws_kms_key", part=self._parts[id(group)])
        region = self.region(group)
        assert self.region(key) == region, "keys are regional"
        needed = {"kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*"}
        entries = list(allowing(key["policy"], actions=needed))
        assert any(names_services(entry, {f"logs.{region}"}) for entry in entries)
        return str(key["tags"]["Name"]).removeprefix(f"{self._settings.prefix}-")

    def group_named(self, name: str, *, part: Part, region: str, before: Block) -> Block:
        """Return the log group of a name; it must exist before the resource `before`."""
        found = [
            (id_, group)
            for id_, group in self._stacks[part].resources("aws_cloudwatch_log_group").items()
            if (group["name"], self.region(group)) == (name, region)
        ]
        assert len(found) == 1, f"{region} has {len(found)} log groups {name}"
        ((id_, group),) = found
        assert f"aws_cloudwatch_log_group.{id_}" in before.get("depends_on", [])
        return group

    def groups_of(self, entry: Block, *, part: Part) -> Iterator[Block]:
        """Yield the log groups that a statement applies to."""
        for resource in entry["Resource"]:
            arn = resource.removesuffix(":*")
            assert arn != resource, f"{resource} is no log stream"
            yield self.follow(arn, "aws_cloudwatch_log_group", part=part)

    def check_role(self, arn: str, *, part: Part, group: Block, services: set[str]) -> None:
        """Assert that the services may assume the role, and the role may write to the group."""
        role = self.target(arn, "aws_iam_role", part=part)
        check_trust(role.block, services)
        policies = [
            policy["policy"]
            for policy in self._stacks[part].resources("aws_iam_role_policy").values()
            if policy["role"]
            in (f"${{aws_iam_role.{role.name}.{name}}}" for name in ("name", "id"))
        ]
        written = [
            block
            for entry in allowing(*policies, actions=WRITE_LOGS)
            for block in self.groups_of(entry, part=part)
        ]
        assert any(block is group for block in written), (
            f"{role.name} may not write to {group['name']}"
        )


def allowing(*policies: str, actions: set[str]) -> Iterator[Block]:
    """Yield the statements that allow all of the actions."""
    for policy in policies:
        for entry in statements(policy):
            if entry["Effect"] == "Allow" and actions <= set(entry["Action"]):
                yield entry


def names_services(entry: Block, services: set[str]) -> bool:
    """Return whether a statement's principals are exactly these services, such as `lambda`."""
    named = entry["Principal"].get("Service", [])
    return {f"{service}.amazonaws.com" for service in services} == set(named)


def check_trust(role: Block, services: set[str]) -> None:
    """Assert that the services may assume the role."""
    entries = list(allowing(role["assume_role_policy"], actions={"sts:AssumeRole"}))
    assert any(names_services(entry, services) for entry in entries), f"{services} have no role"
