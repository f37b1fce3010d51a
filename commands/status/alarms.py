"""The alarms of the platform that are in alarm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from commands.shared.aws import cloudwatch_client
from commands.shared.deployed_state import DeployedStack
from modules.settings import Part, Settings
from modules.settings.edge import EDGE_REGION

_IN_ALARM = "ALARM"
_TYPES = {"aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"}


@dataclass(frozen=True, kw_only=True)
class RaisedAlarm:
    """An alarm in state ALARM."""

    name: str
    since: datetime
    reason: str


def alarm_names(deployed: Mapping[Part, DeployedStack]) -> set[str]:
    """Return the names of the deployed alarms."""
    return {
        instance["attributes"]["alarm_name"]
        for stack in deployed.values()
        for resource in stack.resources
        if resource["type"] in _TYPES
        for instance in resource["instances"]
    }


def find_raised(names: set[str], *, settings: Settings) -> list[RaisedAlarm]:
    """Return those of the named alarms that are in alarm, sorted by name.

    Raises:
        ClientError: AWS refuses.
    """
    found: list[RaisedAlarm] = []
    for region in sorted({settings.region, EDGE_REGION}):
        pages = cloudwatch_client(settings=settings, region=region).get_paginator("describe_alarms")
        # Copies of the environment have names that start alike, so the prefix alone will not do.
        for page in pages.paginate(
            AlarmNamePrefix=settings.prefix,
            StateValue=_IN_ALARM,
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],
        ):
            alarms = cast(
                "list[dict[str, Any]]",
                [*page.get("MetricAlarms", []), *page.get("CompositeAlarms", [])],
            )
            found.extend(
                RaisedAlarm(
                    name=alarm["AlarmName"],
                    since=alarm["StateUpdatedTimestamp"],
                    reason=alarm.get("StateReason", ""),
                )
                for alarm in alarms
                # moto ignores StateValue beside a prefix.
                if alarm["AlarmName"] in names and alarm["StateValue"] == _IN_ALARM
            )
    return sorted(found, key=lambda alarm: alarm.name)
