"""The construct that puts all rows of widgets into dashboards."""

import json
from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from modules.observability.dashboards.capacity.cost import what_does_it_cost
from modules.observability.dashboards.capacity.full import is_it_full
from modules.observability.dashboards.health.slow import is_it_slow
from modules.observability.dashboards.health.up import is_it_up
from modules.observability.dashboards.layout import lay_out
from modules.observability.dashboards.widgets import Widget
from modules.observability.resources import MonitoredResources
from modules.settings import AlarmThresholds


class Dashboards(Construct):
    """The dashboards `health` and `capacity`.

    CloudWatch dashboards belong to no region, and cannot be tagged.

    Args:
        prefix: Start of the dashboards' names: the environment's prefix.
        resources: Resources to chart.
        thresholds: Thresholds of the alarms, drawn as lines.
        alarm_arns: Alarms whose state is shown, up to 100 (CloudWatch API Reference, Dashboard
            body structure).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        prefix: str,
        resources: MonitoredResources,
        thresholds: AlarmThresholds,
        alarm_arns: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        self.health = self._build(
            f"{prefix}-health",
            [
                *is_it_up(resources, thresholds=thresholds, alarm_arns=alarm_arns),
                *is_it_slow(resources, thresholds=thresholds),
            ],
        )
        self.capacity = self._build(
            f"{prefix}-capacity",
            [*is_it_full(resources, thresholds=thresholds), *what_does_it_cost(resources)],
        )

    def _build(self, name: str, rows: Sequence[Sequence[Widget]]) -> CloudwatchDashboard:
        body = {"start": "-PT6H", "periodOverride": "inherit", "widgets": lay_out(rows)}
        return CloudwatchDashboard(
            self,
            name.rsplit("-", 1)[-1],
            dashboard_name=name,
            dashboard_body=json.dumps(body),
        )
