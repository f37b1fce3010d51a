"""CloudWatch Logs."""

from typing import Literal, get_args

RetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,
    1096, 1827, 2192, 2557, 2922, 3288, 3653,
]  # fmt: skip
"""How long events are kept (CloudWatch Logs API reference, PutRetentionPolicy)."""

RETENTION_DAYS: tuple[int, ...] = get_args(RetentionDays)

NEVER = 0
"""The provider's number for events that never expire (resource aws_cloudwatch_log_group)."""

DELIVERY_SERVICE = "delivery.logs.amazonaws.com"
"""The service that writes logs of other services (CloudWatch Logs User Guide, Enable logging from
AWS services)."""
