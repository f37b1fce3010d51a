"""Rules of the API's function."""

from collections.abc import Iterator

from modules.settings.environment import Settings
from modules.settings.rules.problem import Problem
from modules.settings.service import ANSWER_MARGIN_SECONDS, DATABASE_TRANSACTION_SECONDS

RESUME_SECONDS = 15
"""Seconds that a paused Aurora cluster typically takes to resume (Aurora User Guide, Scaling to
zero ACUs with automatic pause and resume)."""

ANSWER_SECONDS = DATABASE_TRANSACTION_SECONDS + ANSWER_MARGIN_SECONDS + 1
"""Seconds that the API needs once it is connected: a transaction, the margin for the answer, and
one second in which a retry may still begin."""


def _check_resuming(settings: Settings) -> Iterator[Problem]:
    function = settings.function
    if settings.database.can_pause and function.connect_timeout_seconds <= RESUME_SECONDS:
        yield Problem(
            key="function.connect_timeout_seconds",
            message=f"is {function.connect_timeout_seconds}; must be more than "
            f"{RESUME_SECONDS}, the seconds that a paused cluster takes to resume",
        )


def _check_connect_timeout(settings: Settings) -> Iterator[Problem]:
    function = settings.function
    longest = function.timeout_seconds - ANSWER_SECONDS
    if function.connect_timeout_seconds > longest:
        yield Problem(
            key="function.connect_timeout_seconds",
            message=f"is {function.connect_timeout_seconds}; must be at most {longest}, "
            f"{ANSWER_SECONDS} s less than timeout_seconds, so that transaction and answer fit",
        )


def _check_connections(settings: Settings) -> Iterator[Problem]:
    database, function = settings.database, settings.function
    if database.proxy is not None:
        return
    # Without a reader the writer answers at the readers' address too.
    pools = 1 if database.readers else 2
    needed = function.reserved_concurrency * function.connections_per_instance * pools
    available = database.connections_at_smallest
    if needed >= available:
        yield Problem(
            key="function.reserved_concurrency",
            message=f"times connections_per_instance is {needed} connections; must be below "
            f"{available}, which Aurora's smallest size here allows without a proxy",
        )


def _check_scaling(settings: Settings) -> Iterator[Problem]:
    provisioned = settings.function.provisioned_concurrency
    if provisioned is None:
        return
    key = "function.provisioned_concurrency"
    bounds = [(key, provisioned.min_capacity, provisioned.max_capacity)] + [
        (f"{key}.schedules.{index}", schedule.min_capacity, schedule.max_capacity)
        for index, schedule in enumerate(provisioned.schedules)
    ]
    for place, least, most in bounds:
        if least > most:
            yield Problem(
                key=f"{place}.min_capacity",
                message=f"is {least}; must be at most max_capacity, {most}",
            )
    reserved = settings.function.reserved_concurrency
    highest_max = max(most for _, _, most in bounds)
    highest_min = max(least for _, least, _ in bounds)
    needed = highest_max + 2 * highest_min
    if reserved < needed:
        yield Problem(
            key="function.reserved_concurrency",
            message=f"is {reserved}; must be at least {needed}, the highest max_capacity "
            f"({highest_max}) plus twice the highest min_capacity ({highest_min}) of "
            "provisioned_concurrency: after a failed release three versions hold theirs",
        )
    names = [schedule.name for schedule in provisioned.schedules]
    if len(set(names)) < len(names):
        yield Problem(key=f"{key}.schedules", message="two schedules have the same name")


RULES = (_check_resuming, _check_connect_timeout, _check_connections, _check_scaling)
