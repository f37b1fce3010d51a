"""The kinds of widgets on a dashboard.

Source: CloudWatch API Reference, Dashboard body structure and syntax.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from modules.observability.metrics.metric import Series
from modules.observability.metrics.metric_definitions import Unit


class Widget(Protocol):
    """A rectangle on a dashboard."""

    @property
    def height(self) -> int:
        """Height in grid units of about 50 pixels."""
        ...

    @property
    def type(self) -> str:
        """CloudWatch's name for the kind of widget."""
        ...

    def properties(self) -> dict[str, object]:
        """Return the widget's `properties` in the dashboard body."""
        ...


UNIT_LABELS: Mapping[Unit, str] = {
    "ACU": "ACU",
    "GB-seconds": "GB-seconds",
    "LCU": "LCU",
    "bytes": "Bytes",
    "connections": "Connections",
    "count": "Count",
    "gibibytes": "GiB",
    "mebibytes": "MiB",
    "microseconds": "Microseconds",
    "milliseconds": "Milliseconds",
    "percent": "Percent",
    "ratio": "Share (1 = all)",
    "seconds": "Seconds",
}


@dataclass(frozen=True)
class Heading:
    """A heading across the whole width."""

    markdown: str
    height: int = 2
    type: str = "text"

    def properties(self) -> dict[str, object]:
        """Return the Markdown text, without a box around it."""
        return {"markdown": self.markdown, "background": "transparent"}


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """A line drawn across a chart."""

    label: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart of series over time; all have the same unit.

    Raises:
        ValueError: The series have different units.
    """

    title: str
    series: Sequence[Series]
    region: str
    thresholds: Sequence[Threshold] = ()
    stacked: bool = False
    height: int = 6
    type: str = "metric"

    def __post_init__(self) -> None:
        """Refuse series that cannot share an axis."""
        units = {each.unit for each in self.series}
        if len(units) != 1:
            message = f"{self.title}: one chart, one unit; not {', '.join(sorted(units))}"
            raise ValueError(message)

    def properties(self) -> dict[str, object]:
        """Return the series, the unit of the axis, and the thresholds as lines."""
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
    """A table of the results of a Logs Insights query."""

    title: str
    log_groups: Sequence[str]
    query: str
    region: str
    height: int = 6
    type: str = "log"

    def properties(self) -> dict[str, object]:
        """Return the query, with the log groups that it reads."""
        sources = " | ".join(f"SOURCE '{group}'" for group in self.log_groups)
        return {
            "title": self.title,
            "view": "table",
            "region": self.region,
            "query": f"{sources} | {self.query}",
        }


@dataclass(frozen=True, kw_only=True)
class AlarmStatus:
    """The states of alarms, as coloured boxes."""

    title: str
    alarm_arns: Sequence[str]
    height: int = 4
    type: str = "alarm"

    def properties(self) -> dict[str, object]:
        """Return the ARNs of the alarms."""
        return {"title": self.title, "alarms": list(self.alarm_arns)}
