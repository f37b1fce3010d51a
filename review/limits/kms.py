"""KMS.

Source: KMS API reference.
"""

DELETION_DAYS = (7, 30)
"""How long a key waits for its deletion (ScheduleKeyDeletion)."""

ALIAS_PREFIX = "alias/"
RESERVED_ALIASES = "alias/aws/"
"""How the names of AWS's own aliases begin (CreateAlias)."""
