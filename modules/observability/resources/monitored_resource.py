"""The base of all monitored resources: what CloudWatch identifies them by."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from modules.observability.metrics.metric import PERIOD_SECONDS, Dimensions, Metric
from modules.observability.metrics.metric_definitions import Statistic


@dataclass(frozen=True, kw_only=True)
class MonitoredResource(ABC):
    """A resource whose metrics share one namespace and one set of dimensions."""

    namespace: ClassVar[str]
    region: str
    """Region in which AWS publishes the metrics."""

    @property
    @abstractmethod
    def dimensions(self) -> Dimensions:
        """Names and values of the dimensions; `published_metrics.py` lists the sets of names."""

    def metric(
        self, name: str, *, statistic: Statistic, label: str, period_seconds: int = PERIOD_SECONDS
    ) -> Metric:
        """Return one metric of the resource.

        Args:
            name: Name of the metric in the namespace.
            statistic: How values of one period are combined.
            label: Text in the legend of a chart.
            period_seconds: Length of a period.
        """
        return Metric(
            namespace=self.namespace,
            name=name,
            dimensions=self.dimensions,
            statistic=statistic,
            region=self.region,
            label=label,
            period_seconds=period_seconds,
        )
