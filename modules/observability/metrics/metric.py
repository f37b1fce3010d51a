"""Metrics and metric math, from which dashboards and alarms are made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from modules.observability.metrics.metric_definitions import MetricDefinition, Statistic, Unit
from modules.observability.metrics.published_metrics import MetricError, check_metric

PERIOD_SECONDS = 300
"""Default period, in seconds. CloudWatch keeps values of this period for 63 days (CloudWatch User
Guide, Metrics retention)."""

_ID = re.compile(r"\b[a-z]\w*\b")
"""An id in a formula. Ids start with a lower-case letter; functions are in upper case (CloudWatch
User Guide, Using math expressions)."""

Dimensions = tuple[tuple[str, str], ...]
"""Name and value of each dimension, in the order in which they are written."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric of one resource.

    Raises:
        MetricError: AWS does not publish the metric in this form.
    """

    namespace: str
    name: str
    dimensions: Dimensions
    statistic: Statistic
    region: str
    label: str
    """Text in the legend of a chart."""

    period_seconds: int = PERIOD_SECONDS

    def __post_init__(self) -> None:
        """Refuse a metric that AWS does not publish."""
        self._check()

    def _check(self) -> MetricDefinition:
        return check_metric(
            namespace=self.namespace,
            name=self.name,
            dimensions=tuple(name for name, _ in self.dimensions),
            statistic=self.statistic,
            region=self.region,
        )

    @property
    def unit(self) -> Unit:
        """The unit in which AWS publishes the metric."""
        return self._check().unit

    def to_rows(self) -> list[list[object]]:
        """Return the row of a dashboard widget that draws the metric."""
        return [self.to_row()]

    def to_row(self, **options: object) -> list[object]:
        """Return the row of a dashboard widget, with options such as an id.

        Dimensions are positional pairs (CloudWatch API Reference, Dashboard body structure and
        syntax, metrics array format).
        """
        pairs = [part for dimension in self.dimensions for part in dimension]
        own = {
            "label": self.label,
            "period": self.period_seconds,
            "region": self.region,
            "stat": self.statistic,
        }
        return [self.namespace, self.name, *pairs, own | options]


@dataclass(frozen=True, kw_only=True)
class Expression:
    """Metric math over metrics of one region.

    Raises:
        MetricError: The formula and its inputs do not fit together.
    """

    formula: str
    """CloudWatch metric math over the ids of `inputs`."""

    inputs: Mapping[str, Metric]
    label: str
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse a formula that CloudWatch could not compute."""
        if set(_ID.findall(self.formula)) != set(self.inputs):
            message = f"'{self.formula}' should use exactly {', '.join(self.inputs)}"
            raise MetricError(message)
        if len({(each.region, each.period_seconds) for each in self.inputs.values()}) != 1:
            message = f"'{self.formula}' should be over metrics of one region and one period"
            raise MetricError(message)

    @property
    def region(self) -> str:
        """Region of the input metrics."""
        return next(iter(self.inputs.values())).region

    @property
    def period_seconds(self) -> int:
        """Period of the input metrics, in seconds."""
        return next(iter(self.inputs.values())).period_seconds

    def to_rows(self) -> list[list[object]]:
        """Return the row that draws the expression, and the hidden rows of its inputs."""
        own: dict[str, object] = {
            "expression": self.formula,
            "label": self.label,
            "period": self.period_seconds,
            "region": self.region,
        }
        hidden = [metric.to_row(id=id_, visible=False) for id_, metric in self.inputs.items()]
        return [[own], *hidden]


Series = Metric | Expression
"""One line of a chart, or the subject of an alarm."""


def percent_of(
    part: Metric, whole: Metric, *, label: str, minimum: int = 1, suffix: str = ""
) -> Expression:
    """Return the percentage that one count is of another; 0 while the whole is below `minimum`.

    FILL is needed because a load balancer publishes no data point for a count of zero.

    Args:
        part: The smaller count, such as errors.
        whole: The count that includes it, such as requests.
        label: Text in the legend of a chart.
        minimum: Smallest whole in a period that counts: one failure of two requests is no outage.
        suffix: End of the ids, which must be unique within a chart.
    """
    part_id, whole_id = f"part{suffix}", f"whole{suffix}"
    return Expression(
        formula=f"IF({whole_id} >= {minimum}, 100 * FILL({part_id}, 0) / {whole_id}, 0)",
        inputs={part_id: part, whole_id: whole},
        label=label,
        unit="percent",
    )
