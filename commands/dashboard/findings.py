"""The dashboards and alarms of synthesised stacks, with references as addresses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from commands.dashboard.references import Block, References


@dataclass(frozen=True, kw_only=True)
class FoundDashboard:
    """A dashboard, with its body parsed from JSON."""

    name: str
    body: Block


@dataclass(frozen=True, kw_only=True)
class FoundAlarm:
    """A metric alarm or a composite alarm."""

    address: str
    """Type and name of the resource, as Terraform writes them: `type.name`."""

    region: str
    block: Block
    """The alarm in Terraform's JSON."""


def find_dashboards(stacks: Mapping[str, Block]) -> list[FoundDashboard]:
    """Return the dashboards of all stacks; those that end in `-health` are first."""
    references = References(stacks)
    found = [
        FoundDashboard(
            name=block["dashboard_name"],
            body=references.readable(json.loads(block["dashboard_body"]), stack=id_),
        )
        for id_, document in stacks.items()
        for block in _resources(document, "aws_cloudwatch_dashboard").values()
    ]
    return sorted(found, key=lambda each: (not each.name.endswith("-health"), each.name))


def find_alarms(stacks: Mapping[str, Block]) -> list[FoundAlarm]:
    """Return the alarms of all stacks in the order of synthesis; composite alarms are first."""
    references = References(stacks)
    return [
        FoundAlarm(
            address=f"{type_}.{name}",
            region=region_of(block, document),
            block=references.readable(block, stack=id_),
        )
        for type_ in ("aws_cloudwatch_composite_alarm", "aws_cloudwatch_metric_alarm")
        for id_, document in stacks.items()
        for name, block in _resources(document, type_).items()
    ]


def region_of(block: Block, document: Block) -> str:
    """Return the region of the provider that creates a resource.

    Args:
        block: The resource.
        document: Terraform's JSON of the resource's stack.
    """
    alias = block.get("provider", "aws").partition(".")[2] or None
    (region,) = (
        provider["region"]
        for provider in document["provider"]["aws"]
        if provider.get("alias") == alias
    )
    return str(region)


def _resources(document: Block, type_: str) -> dict[str, Block]:
    resources: dict[str, dict[str, Block]] = document.get("resource", {})
    return resources.get(type_, {})
