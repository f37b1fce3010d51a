"""Prints the lines of several log groups in the order of their times."""

import sys
import time
from collections.abc import Mapping
from datetime import datetime, timezone

from botocore.exceptions import ClientError

from commands.logs.group import LogGroup
from commands.logs.lines import LogLine, Source
from commands.logs.options import Options
from commands.shared.aws import logs_client
from commands.shared.console import CommandError
from commands.shared.deployed_state import DeployedStack
from modules.settings import Part, Settings

_POLL_SECONDS = 2
"""Three groups every two seconds are below the quota of FilterLogEvents, 5 a second or more
(CloudWatch Logs quotas). Live Tail would be faster, but it costs money by the minute."""


def open_groups(
    deployed: Mapping[Part, DeployedStack], *, options: Options, settings: Settings
) -> list[LogGroup]:
    """Return the log groups to read."""
    names: dict[Source, str] = {
        "function": deployed["service"].outputs["function_log_group"],
        "api": deployed["service"].outputs["api_access_log_group"],
        "database": deployed["data"].outputs["database_log_group"],
    }
    client = logs_client(settings=settings)
    since = datetime.now(timezone.utc) - options.since
    return [
        LogGroup(source=source, name=name, since=since, request=options.request, client=client)
        for source, name in names.items()
    ]


def print_logs(groups: list[LogGroup], *, options: Options) -> None:
    """Print the lines, and those that follow.

    Raises:
        CommandError: None of the groups exists.
    """
    while True:
        lines = [line for group in tuple(groups) for line in _read(group, groups=groups)]
        if not groups:
            message = "There is no log to follow."
            raise CommandError(message)
        for line in sorted(lines, key=lambda line: line.time):
            if options.admits(line):
                print(line, flush=True)
        if not options.follow:
            return
        time.sleep(_POLL_SECONDS)


def _read(group: LogGroup, *, groups: list[LogGroup]) -> list[LogLine]:
    """Read a group; drop it from `groups`, with a line to the user, if it does not exist."""
    try:
        return group.read_new()
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != "ResourceNotFoundException":
            raise
        print(
            f"The log of the {group.source} is not exported: there is no log group {group.name}.",
            file=sys.stderr,
            flush=True,
        )
        groups.remove(group)
        return []
