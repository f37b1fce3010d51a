"""The dashboards and alarms of synthesised stacks, with readable references."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from commands.dashboard.references import Block, References


@dataclass(frozen=True, kw_only=True)
class FoundDashboard:
    """A dashboard and its body."""

    name: str
    body: Block


@dataclass(frozen=True, kw_only=True)
class FoundAlarm:
    """A metric or composite alarm."""

    address: str
    region: str
    block: Block


def find_dashboards(stacks: Mapping[str, Block]) -> list[FoundDashboard]:
    """All dashboards of all stacks, the one that says whether it is up first."""
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
    """All alarms of all stacks, in the order they were synthesised; composites first."""
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
    """Region of the provider that a resource of a stack is made with."""
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
