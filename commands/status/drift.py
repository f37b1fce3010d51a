"""Whether what is deployed differs from what the last plan in this folder described."""

from collections.abc import Mapping

from commands.shared.deployed_state import DeployedStack
from commands.shared.plan_records import PlanRecord, read_record
from commands.status.times import describe_time
from modules.settings import Part, Settings


def describe_drift(deployed: Mapping[Part, DeployedStack], *, settings: Settings) -> list[str]:
    """Return lines about drift, as the last plan or deployment of each stack found it.

    Only a plan finds drift, and a plan takes minutes on AWS.
    """
    records = {
        part: read_record(stack_id=settings.stack_id(part), state_version=stack.version)
        for part, stack in deployed.items()
    }
    known = [record for record in records.values() if record]
    unknown = [part for part, record in records.items() if record is None]
    lines = _describe_known(known) if known else []
    if unknown:
        suffix = f" SUFFIX={settings.suffix}" if settings.suffix else ""
        of = f" for {', '.join(unknown)}" if known else ""
        lines.append(f"unknown{of}; `make plan ENV={settings.environment}{suffix}` finds out")
    return lines


def _describe_known(records: list[PlanRecord]) -> list[str]:
    oldest = describe_time(min(record.planned for record in records))
    changes = sum(len(record.changes) for record in records)
    if not changes:
        return [f"none at {oldest}"]
    lines = [f"{changes} to change, planned {oldest}"]
    outside = [address for record in records for address in record.outside]
    return lines + [f"changed outside Terraform: {address}" for address in outside]
