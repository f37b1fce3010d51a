"""Stops a deployment at what its review found, unless a person has accepted that by name."""

import os
import re

from commands.reviewing.reporting import serious_findings
from commands.shared.console import CommandError
from modules.settings import Settings
from review.changes.model import RISKS, Review

BLIND = "cannot-judge"

_KINDS = "|".join((BLIND, *(risk.replace(" ", "-") for risk in RISKS)))
SEPARATOR = re.compile(rf",(?=\s*(?:{_KINDS}):)")
"""The comma before the next name; addresses may have commas too."""


def ids_of(review: Review) -> list[str]:
    """Return what has to be accepted: findings, and the stacks that cannot be judged."""
    return [
        *dict.fromkeys(each.id for each in serious_findings(review)),
        *(f"{BLIND}:{stack.name}" for stack in review.stacks if stack.blind),
    ]


def require_acceptance(review: Review, *, settings: Settings) -> None:
    """Compare what a review found with ACCEPT, and its digest with REVIEWED.

    Raises:
        CommandError: Something is not accepted, or another plan was reviewed.
    """
    expected = os.environ.get("REVIEWED") or ""
    if expected and expected != review.digest:
        message = (
            f"REVIEWED is {expected}, and what would be deployed now is {review.digest}: something "
            f"changed since. Review it again: make review ENV={settings.environment}"
        )
        raise CommandError(message)
    given = os.environ.get("ACCEPT") or ""
    accepted = {each.strip() for each in SEPARATOR.split(given)} - {""}
    ids = ids_of(review)
    unknown = sorted(accepted.difference(ids))
    if unknown:
        message = f"ACCEPT names {', '.join(unknown)}, which the review does not have."
        raise CommandError(message)
    missing = [each for each in ids if each not in accepted]
    if missing:
        message = (
            f"The verdict is {review.verdict}, so nothing is deployed. Change the settings, or "
            f"accept each finding by its name:\n  ACCEPT='{','.join(ids)}'"
        )
        raise CommandError(message)
