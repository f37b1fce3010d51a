"""Finds what was changed outside Terraform and would be changed back.

Terraform reports every attribute that differs from its state as drift, also what a service filled
in after the creation. Only what a deployment would change back matters to a person.
"""

from collections.abc import Iterator

from commands.shared.state import Block


def find_outside_changes(plan: Block) -> list[str]:
    """Return the addresses of resources with such changes, in order.

    Args:
        plan: A plan, as `terraform show -json` prints it.
    """
    drifted = {
        each["address"]: set(_changed_attributes(each["change"]))
        for each in plan.get("resource_drift", [])
    }
    return [
        each["address"]
        for each in plan.get("resource_changes", [])
        if drifted.get(each["address"], set()).intersection(_changed_attributes(each["change"]))
    ]


def _changed_attributes(change: Block) -> Iterator[str]:
    """Yield the attributes with another known value."""
    before: Block = change["before"] or {}
    after: Block = change["after"] or {}
    unknown: Block = change.get("after_unknown") or {}
    for name in before.keys() | after.keys():
        if before.get(name) != after.get(name) and not unknown.get(name):
            yield name
