"""The dashboards, as code."""

import json
from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from modules.observability.layout import lay_out
from modules.observability.resources import MonitoredResources
from modules.observability.sections.cost import what_does_it_cost
from modules.observability.sections.full import is_it_full
from modules.observability.sections.slow import is_it_slow
from modules.observability.sections.up import is_it_up
from modules.observability.widgets import Widget
from modules.settings import AlarmThresholds


class Dashboards(Construct):
    """Two dashboards, each for one reader.

    `health` is for whoever is on call: is it up, is it slow. `capacity` is for whoever plans: is it
    full, what does it cost. A CloudWatch dashboard belongs to no region and takes no tags.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resources: MonitoredResources,
        thresholds: AlarmThresholds,
        alarm_arns: Sequence[str],
    ) -> None:
        """Create the dashboards.

        Args:
            scope: parent construct.
            id_: construct id.
            name: start of their names.
            resources: what they show.
            thresholds: the values that their charts draw a line at.
            alarm_arns: alarms whose state is shown, up to 100 (CloudWatch API Reference, Dashboard
                body structure).
        """
        super().__init__(scope, id_)
        self.health = self._build(
            f"{name}-health",
            [
                *is_it_up(resources, thresholds=thresholds, alarm_arns=alarm_arns),
                *is_it_slow(resources, thresholds=thresholds),
            ],
        )
        self.capacity = self._build(
            f"{name}-capacity",
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
