"""CloudWatch Logs (API reference, PutRetentionPolicy)."""

from collections.abc import Iterator

from local_aws.refusals.refusal import Refusal, Request
from review.limits import logs


def _find_days(request: Request) -> Iterator[str]:
    days = request.parameters.get("retentionInDays")
    if days is not None and int(days) not in logs.RETENTION_DAYS:
        values = ", ".join(map(str, logs.RETENTION_DAYS))
        yield f"Invalid retention value {days}. Valid values are: [{values}]"


REFUSALS = (
    Refusal(
        service="logs",
        operations=("PutRetentionPolicy",),
        code="InvalidParameterException",
        find=_find_days,
    ),
)
