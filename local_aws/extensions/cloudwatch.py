"""CloudWatch; gap of moto 5.2.5: PutCompositeAlarm is missing, though its alarms are kept."""

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from local_aws.graft import graft


@graft
class _Response(CloudWatchResponse):
    def put_composite_alarm(self) -> ActionResult:
        # moto's own method reads the rule of a composite alarm too, and tells the two apart by it.
        return self.put_metric_alarm()
