"""Reads new events of a log group."""

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from commands.logs.lines import LogLine, Source, read_line

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

_LATE_MILLISECONDS = 60_000
"""How much later than its successors an event may arrive."""


class LogGroup:
    """A log group of the platform, read from a time on. Each event is returned once."""

    def __init__(
        self,
        *,
        source: Source,
        name: str,
        since: datetime,
        request: str | None,
        client: "CloudWatchLogsClient",
    ) -> None:
        """Prepare to read the group.

        Args:
            source: What writes the log.
            name: The group's name.
            since: Time of the first event to return.
            request: A text that an event must contain, or None.
            client: A client of the group's region.
        """
        self.source: Source = source
        self.name = name
        self._start = int(since.timestamp() * 1_000)
        self._pattern = f'"{request}"' if request else ""
        self._pages = client.get_paginator("filter_log_events")
        self._seen: dict[tuple[str, str], int] = {}

    def read_new(self) -> list[LogLine]:
        """Return the lines that no call before returned.

        Raises:
            ClientError: The group does not exist (ResourceNotFoundException), or AWS refuses.
        """
        lines: list[LogLine] = []
        found = self._pages.paginate(
            logGroupName=self.name, startTime=self._start, filterPattern=self._pattern
        )
        for page in found:
            for event in page["events"]:
                time = event.get("timestamp", 0)
                key = (event.get("logStreamName", ""), event.get("eventId", ""))
                if key not in self._seen:
                    self._seen[key] = time
                    stamp = datetime.fromtimestamp(time / 1_000, tz=timezone.utc)
                    text = event.get("message", "")
                    lines.append(read_line(text, source=self.source, time=stamp))
        newest = max(self._seen.values(), default=0)
        self._start = max(self._start, newest - _LATE_MILLISECONDS)
        self._seen = {key: time for key, time in self._seen.items() if time >= self._start}
        return lines
