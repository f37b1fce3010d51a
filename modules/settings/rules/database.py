"""Rules of Aurora and its proxy."""

from collections.abc import Iterator

from modules.settings.environment import Settings
from modules.settings.rules.problem import Problem

MIN_WINDOW_MINUTES = 30
"""Shortest length of Aurora's windows in minutes (RDS API Reference, CreateDBCluster)."""


def _check_capacity(settings: Settings) -> Iterator[Problem]:
    database, serverless = settings.database, settings.database.serverless
    if database.is_serverless and serverless.min_capacity > serverless.max_capacity:
        yield Problem(
            key="database.serverless.min_capacity",
            message=f"is {serverless.min_capacity:g}; must be at most max_capacity, "
            f"{serverless.max_capacity:g}",
        )


def _check_windows(settings: Settings) -> Iterator[Problem]:
    database = settings.database
    times = (moment.partition(":")[2] for moment in database.maintenance_window.split("-"))
    backup, maintenance = _minutes(database.backup_window), _minutes("-".join(times))
    for key, window in (("backup_window", backup), ("maintenance_window", maintenance)):
        if len(window) < MIN_WINDOW_MINUTES:
            message = f"should last {MIN_WINDOW_MINUTES} minutes or more"
            yield Problem(key=f"database.{key}", message=message)
    if backup & maintenance:
        yield Problem(
            key="database.maintenance_window",
            message=f"overlaps the daily backup_window, {database.backup_window}",
        )


def _minutes(window: str) -> set[int]:
    """Return the minutes of the day in a window hh:mm-hh:mm, which may go past midnight."""
    start, end = (int(time[:2]) * 60 + int(time[3:]) for time in window.split("-"))
    return {minute % 1_440 for minute in range(start, end if end > start else end + 1_440)}


def _check_idle_connections(settings: Settings) -> Iterator[Problem]:
    proxy = settings.database.proxy
    if proxy and proxy.max_idle_connections_percent > proxy.max_connections_percent:
        yield Problem(
            key="database.proxy.max_idle_connections_percent",
            message=f"is {proxy.max_idle_connections_percent}; must be at most "
            f"max_connections_percent, {proxy.max_connections_percent}",
        )


def _check_pausing_behind_a_proxy(settings: Settings) -> Iterator[Problem]:
    database = settings.database
    if database.can_pause and database.proxy is not None:
        yield Problem(
            key="database.proxy",
            message="keeps connections open, so the cluster never pauses: leave it out, or set "
            "database.serverless.min_capacity to 0.5 or more",
        )


RULES = (_check_capacity, _check_windows, _check_idle_connections, _check_pausing_behind_a_proxy)
