"""One alarm: what it watches, when it goes off, and where to read on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

from modules.observability.metric import PERIOD_SECONDS, Expression, Metric, Series

MissingData = Literal["breaching", "ignore", "notBreaching"]


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """An alarm, before it belongs to an environment."""

    anchor: str
    """End of its name, and the heading of its entry in the runbook."""

    summary: str
    """What has happened when it goes off; one sentence."""

    series: Series
    threshold: float
    """In the unit of the series."""

    missing: MissingData
    missing_because: str
    """Why missing data is treated so; half a sentence."""

    at_least: bool = False
    """Whether the threshold itself is already too much."""

    period_seconds: int = PERIOD_SECONDS
    """Seconds each value it looks at is made from."""

    periods: int = 3
    """Newest periods looked at."""

    datapoints: int = 2
    """Of those, how many have to be beyond the threshold: one bad period is no incident."""

    def describe(self, *, runbook_url: str) -> str:
        """Its description: AWS shows it in every notification; up to 1,024 characters."""
        unit = "" if self.series.unit == "count" else f" {self.series.unit}"
        return (
            f"{self.summary} Limit: {self.threshold:,g}{unit}. "
            f"Runbook: {runbook_url}#{self.anchor} "
            f"(missing data: {self.missing}, because {self.missing_because})"
        )

    def build(
        self,
        scope: Construct,
        *,
        name: str,
        runbook_url: str,
        topic_arn: str,
        provider: TerraformProvider | None = None,
    ) -> CloudwatchMetricAlarm:
        """Make the CloudWatch alarm, in the region of its metrics.

        Args:
            scope: parent construct.
            name: start of its name.
            runbook_url: address of the runbook.
            topic_arn: whom to tell, when it goes off and when it is over.
            provider: provider of its region, None for the stack's own.
        """
        metric = self.series if isinstance(self.series, Metric) else None
        percentile = metric is not None and metric.statistic.startswith("p")
        return CloudwatchMetricAlarm(
            scope,
            self.anchor,
            alarm_name=f"{name}-{self.anchor}",
            alarm_description=self.describe(runbook_url=runbook_url),
            namespace=metric.namespace if metric else None,
            metric_name=metric.name if metric else None,
            dimensions=dict(metric.dimensions) if metric else None,
            statistic=metric.statistic if metric and not percentile else None,
            extended_statistic=metric.statistic if metric and percentile else None,
            # A percentile of few samples is only noise.
            evaluate_low_sample_count_percentiles="ignore" if percentile else None,
            period=self.period_seconds if metric else None,
            metric_query=(
                None
                if isinstance(self.series, Metric)
                else _metric_queries(self.series, period_seconds=self.period_seconds)
            ),
            threshold=self.threshold,
            comparison_operator=(
                "GreaterThanOrEqualToThreshold" if self.at_least else "GreaterThanThreshold"
            ),
            evaluation_periods=self.periods,
            datapoints_to_alarm=self.datapoints,
            treat_missing_data=self.missing,
            alarm_actions=[topic_arn],
            ok_actions=[topic_arn],
            tags={"Name": f"{name}-{self.anchor}"},
            provider=provider,
        )


def _metric_queries(
    expression: Expression, *, period_seconds: int
) -> Sequence[CloudwatchMetricAlarmMetricQuery]:
    result = CloudwatchMetricAlarmMetricQuery(
        id="result", expression=expression.formula, label=expression.label, return_data=True
    )
    inputs = [
        CloudwatchMetricAlarmMetricQuery(
            id=id_,
            metric=CloudwatchMetricAlarmMetricQueryMetric(
                namespace=metric.namespace,
                metric_name=metric.name,
                dimensions=dict(metric.dimensions),
                stat=metric.statistic,
                period=period_seconds,
            ),
        )
        for id_, metric in expression.inputs.items()
    ]
    return [result, *inputs]
