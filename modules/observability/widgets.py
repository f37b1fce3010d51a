"""What a dashboard is made of.

Source: CloudWatch API Reference, Dashboard body structure and syntax.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from modules.observability.metric import Series
from modules.observability.metric_definitions import Unit


class Widget(Protocol):
    """Something with a height on the grid that renders itself."""

    @property
    def height(self) -> int:
        """Grid units; one is about 50 pixels."""
        ...

    @property
    def type(self) -> str:
        """CloudWatch's name of the kind."""
        ...

    def properties(self) -> dict[str, object]:
        """Return what CloudWatch is told about it."""
        ...


UNIT_LABELS: Mapping[Unit, str] = {
    "ACU": "ACU",
    "GB-seconds": "GB-seconds",
    "LCU": "LCU",
    "bytes": "Bytes",
    "connections": "Connections",
    "count": "Count",
    "mebibytes": "MiB",
    "microseconds": "Microseconds",
    "milliseconds": "Milliseconds",
    "percent": "Percent",
    "ratio": "Share (1 = all)",
    "seconds": "Seconds",
}


@dataclass(frozen=True)
class Heading:
    """A line of text across the whole width."""

    markdown: str
    height: int = 2
    type: str = "text"

    def properties(self) -> dict[str, object]:
        """Return the text, without a box around it."""
        return {"markdown": self.markdown, "background": "transparent"}


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """A line drawn across a chart."""

    label: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Series of one unit over time.

    Raises:
        ValueError: the series have different units.
    """

    title: str
    series: Sequence[Series]
    region: str
    thresholds: Sequence[Threshold] = ()
    stacked: bool = False
    height: int = 6
    type: str = "metric"

    def __post_init__(self) -> None:
        """Refuses what would not share an axis."""
        units = {each.unit for each in self.series}
        if len(units) != 1:
            message = f"{self.title}: one chart, one unit; not {', '.join(sorted(units))}"
            raise ValueError(message)

    def properties(self) -> dict[str, object]:
        """Its series, with the unit at the axis and thresholds as lines."""
        properties: dict[str, object] = {
            "title": self.title,
            "view": "timeSeries",
            "stacked": self.stacked,
            "region": self.region,
            "metrics": [row for each in self.series for row in each.to_rows()],
            "yAxis": {
                "left": {
                    "label": UNIT_LABELS[self.series[0].unit],
                    "min": 0,
                    "showUnits": False,
                }
            },
        }
        if self.thresholds:
            properties["annotations"] = {
                "horizontal": [
                    {"label": threshold.label, "value": threshold.value}
                    for threshold in self.thresholds
                ]
            }
        return properties


@dataclass(frozen=True, kw_only=True)
class LogTable:
    """What a Logs Insights query finds in some log groups."""

    title: str
    log_groups: Sequence[str]
    query: str
    region: str
    height: int = 6
    type: str = "log"

    def properties(self) -> dict[str, object]:
        """Return the query, with the log groups it reads."""
        sources = " | ".join(f"SOURCE '{group}'" for group in self.log_groups)
        return {
            "title": self.title,
            "view": "table",
            "region": self.region,
            "query": f"{sources} | {self.query}",
        }


@dataclass(frozen=True, kw_only=True)
class AlarmStatus:
    """The state of alarms, one coloured box each."""

    title: str
    alarm_arns: Sequence[str]
    height: int = 4
    type: str = "alarm"

    def properties(self) -> dict[str, object]:
        """Return the alarms."""
        return {"title": self.title, "alarms": list(self.alarm_arns)}
