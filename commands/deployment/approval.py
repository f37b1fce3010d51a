"""Asks a person before anything is applied."""

import sys
from collections.abc import Callable, Mapping

from commands.deployment.progress import short_address
from commands.deployment.stack_run import SavedPlan
from commands.shared.console import CommandError
from modules.settings import Part, Settings
from modules.settings.selection import is_confirmed

SIGNS = {"create": "+", "update": "~", "delete": "-", "replace": "-/+", "import": "<-", "move": ">"}
"""How a change is marked, in Terraform's signs where it has one."""


def describe_changes(plan: SavedPlan) -> list[str]:
    """Return a line for each change of a plan."""
    return [
        f"  {SIGNS.get(change.action, change.action):>3} {short_address(change.address)}"
        for change in plan.changes
    ]


def approve(
    plans: Mapping[Part, SavedPlan], *, settings: Settings, say: Callable[[str], None]
) -> None:
    """Ask whether plans may be applied, unless CONFIRM has approved or nothing changes.

    In an environment of the embedded AWS nothing is asked.

    Raises:
        CommandError: Nobody approved.
    """
    changing: list[tuple[Part, SavedPlan]] = [
        (part, plan) for part, plan in plans.items() if plan.has_changes
    ]
    if settings.local_aws or is_confirmed(settings) or not changing:
        return
    if not sys.stdin.isatty():
        message = (
            "There is no terminal to approve the plans at: review "
            f"`make plan ENV={settings.environment}`, then deploy with CONFIRM={settings.label}."
        )
        raise CommandError(message)
    for part, plan in changing:
        say(f"{settings.stack_id(part)}  {plan.counts.future}")
        for line in describe_changes(plan):
            say(line)
    try:
        answer = input(f"Type {settings.label} to deploy this: ")
    except EOFError:
        answer = ""
    if answer != settings.label:
        message = "Not approved; nothing more is deployed."
        raise CommandError(message)
