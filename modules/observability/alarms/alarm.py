"""The model of one alarm, and the CloudWatch alarm made from it."""

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

from modules.observability.metrics.metric import PERIOD_SECONDS, Expression, Metric, Series

MissingData = Literal["breaching", "ignore", "notBreaching"]


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """The definition of an alarm, the same in all environments."""

    anchor: str
    """End of the alarm's name, and the heading of its entry in the runbook."""

    summary: str
    """One sentence that says what has happened when the alarm goes off."""

    series: Series
    """The metric or expression that the alarm watches."""

    threshold: float
    """Limit, in the unit of the series."""

    missing: MissingData
    """How CloudWatch treats missing data."""

    missing_because: str
    """The reason for that treatment, as a clause that follows "because"."""

    at_least: bool = False
    """Whether a value equal to the threshold counts as beyond it."""

    period_seconds: int = PERIOD_SECONDS
    """Length of a period, in seconds; the alarm compares one value for each period."""

    periods: int = 3
    """Number of most recent periods that the alarm looks at."""

    datapoints: int = 2
    """Number of those periods that must be bad: a single bad period is no incident."""

    def describe(self, *, runbook_url: str) -> str:
        """Return the alarm's description, which AWS shows in every notification.

        CloudWatch accepts up to 1,024 characters.
        """
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
        prefix: str,
        runbook_url: str,
        topic_arn: str,
        provider: TerraformProvider | None = None,
    ) -> CloudwatchMetricAlarm:
        """Create the CloudWatch alarm.

        Args:
            scope: Parent construct; the alarm's anchor is its id.
            prefix: Start of the alarm's name: the environment's prefix.
            runbook_url: Address of the runbook, without an anchor.
            topic_arn: Topic to notify when the alarm goes off, and when it is over.
            provider: Provider of the region of the metrics, None for the stack's own.
        """
        metric = self.series if isinstance(self.series, Metric) else None
        percentile = metric is not None and metric.statistic.startswith("p")
        return CloudwatchMetricAlarm(
            scope,
            self.anchor,
            alarm_name=f"{prefix}-{self.anchor}",
            alarm_description=self.describe(runbook_url=runbook_url),
            namespace=metric.namespace if metric else None,
            metric_name=metric.name if metric else None,
            dimensions=dict(metric.dimensions) if metric else None,
            statistic=metric.statistic if metric and not percentile else None,
            extended_statistic=metric.statistic if metric and percentile else None,
            # A percentile of few samples is noise.
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
            tags={"Name": f"{prefix}-{self.anchor}"},
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
