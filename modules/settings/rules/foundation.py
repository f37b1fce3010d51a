"""Rules of the log archive."""

from collections.abc import Iterator

from modules.settings.environment import Settings
from modules.settings.rules.problem import Problem

TRANSITION_GAP_DAYS = 30
"""Fewest days that an object stays in STANDARD_IA (S3 User Guide, Transitioning objects)."""


def _check_glacier(settings: Settings) -> Iterator[Problem]:
    archive = settings.log_archive
    earliest = archive.infrequent_access_days + TRANSITION_GAP_DAYS
    if archive.glacier_days < earliest:
        yield Problem(
            key="log_archive.glacier_days",
            message=f"is {archive.glacier_days}; must be at least {earliest}, "
            f"{TRANSITION_GAP_DAYS} days after infrequent_access_days",
        )


def _check_expiration(settings: Settings) -> Iterator[Problem]:
    archive = settings.log_archive
    if archive.expiration_days <= archive.glacier_days:
        yield Problem(
            key="log_archive.expiration_days",
            message=f"is {archive.expiration_days}; must be more than glacier_days, "
            f"{archive.glacier_days}",
        )


RULES = (_check_glacier, _check_expiration)
