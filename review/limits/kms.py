"""KMS.

Source: KMS API reference.
"""

DELETION_DAYS = (7, 30)
"""How long a key waits for its deletion (ScheduleKeyDeletion)."""

ALIAS_PREFIX = "alias/"
LOG_ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey")
"""What CloudWatch Logs does with the key of a log group (CloudWatch Logs User Guide, Encrypt log
data in CloudWatch Logs using AWS KMS)."""

ALARM_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")
"""What CloudWatch does with the key of an alarm's topic (SNS Developer Guide, Key management)."""

RESERVED_ALIASES = "alias/aws/"
"""How the names of AWS's own aliases begin (CreateAlias)."""
