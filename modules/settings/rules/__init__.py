"""Rules across fields, which the bounds of one field cannot express."""

from collections.abc import Callable, Iterator

from modules.settings.environment import Settings
from modules.settings.rules import (
    database,
    edge,
    environment,
    foundation,
    network,
    service,
    user_pool,
)
from modules.settings.rules.problem import Problem

__all__ = ["RULES", "Problem", "Rule", "find_problems"]

Rule = Callable[[Settings], Iterator[Problem]]
"""A rule across fields; it yields a problem for each key to change."""

RULES: tuple[Rule, ...] = (
    *environment.RULES,
    *network.RULES,
    *foundation.RULES,
    *database.RULES,
    *service.RULES,
    *edge.RULES,
    *user_pool.RULES,
)
"""All rules, in the order of the settings."""


def find_problems(settings: Settings) -> Iterator[Problem]:
    """Yield every broken rule, in the order of the settings."""
    for rule in RULES:
        yield from rule(settings)
