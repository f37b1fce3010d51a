"""The one metric model that dashboards and alarms are made from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from modules.observability.definitions import MetricDefinition, Statistic, Unit
from modules.observability.published_metrics import CatalogueError, check_metric

PERIOD_SECONDS = 300
"""Default period: kept for 63 days by CloudWatch (CloudWatch User Guide, Metrics retention)."""

_ID = re.compile(r"\b[a-z]\w*\b")
"""Ids start with a lower-case letter; functions are upper-case (CloudWatch User Guide, Using math
expressions)."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric of one resource.

    Raises:
        CatalogueError: AWS does not publish it in this form.
    """

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    """Name and value of each dimension, in the order they are written."""

    statistic: Statistic
    region: str
    label: str
    """What a person reads in the legend."""

    period_seconds: int = PERIOD_SECONDS

    def __post_init__(self) -> None:
        """Refuses what AWS does not publish."""
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
        """The unit AWS publishes it in."""
        return self._check().unit

    def to_rows(self) -> list[list[object]]:
        """Its row of a dashboard widget; dimensions are positional pairs.

        Source: CloudWatch API Reference, Dashboard body structure and syntax, metrics array format.
        """
        return [self.to_row()]

    def to_row(self, **options: object) -> list[object]:
        """Its row with further options, such as an id."""
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
        CatalogueError: the formula and its inputs do not fit together.
    """

    formula: str
    """CloudWatch metric math over the ids of `inputs`."""

    inputs: Mapping[str, Metric]
    label: str
    unit: Unit

    def __post_init__(self) -> None:
        """Refuses a formula that CloudWatch could not compute."""
        if set(_ID.findall(self.formula)) != set(self.inputs):
            message = f"'{self.formula}' should use exactly {', '.join(self.inputs)}"
            raise CatalogueError(message)
        if len({(each.region, each.period_seconds) for each in self.inputs.values()}) != 1:
            message = f"'{self.formula}' should be over metrics of one region and one period"
            raise CatalogueError(message)

    @property
    def region(self) -> str:
        """Region of its metrics."""
        return next(iter(self.inputs.values())).region

    @property
    def period_seconds(self) -> int:
        """Period of its metrics."""
        return next(iter(self.inputs.values())).period_seconds

    def to_rows(self) -> list[list[object]]:
        """Its row of a dashboard widget, and the hidden rows of its inputs."""
        own: dict[str, object] = {
            "expression": self.formula,
            "label": self.label,
            "period": self.period_seconds,
            "region": self.region,
        }
        hidden = [metric.to_row(id=id_, visible=False) for id_, metric in self.inputs.items()]
        return [[own], *hidden]


Series = Metric | Expression
"""What a chart draws and an alarm watches."""


def percent_of(
    part: Metric, whole: Metric, *, label: str, minimum: int = 1, suffix: str = ""
) -> Expression:
    """How many percent of a count another count is; 0 while the whole is below `minimum`.

    A load balancer publishes no data point for a count of zero, hence FILL.

    Args:
        part: what is counted, such as errors.
        whole: what it is counted among, such as requests.
        label: what a person reads in the legend.
        minimum: fewer in a period say nothing: one failure of two requests is no outage.
        suffix: end of the ids, for a chart that draws several of these.
    """
    counted, among = f"part{suffix}", f"whole{suffix}"
    return Expression(
        formula=f"IF({among} >= {minimum}, 100 * FILL({counted}, 0) / {among}, 0)",
        inputs={counted: part, among: whole},
        label=label,
        unit="percent",
    )
