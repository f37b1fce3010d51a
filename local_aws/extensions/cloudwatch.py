"""CloudWatch; gaps of moto 5.2.5.

- PutCompositeAlarm is missing, although moto keeps composite alarms.
"""

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from local_aws.graft import graft


@graft
class _Response(CloudWatchResponse):
    def put_composite_alarm(self) -> ActionResult:
        # moto's method creates a composite alarm if the request has an alarm rule.
        return self.put_metric_alarm()
