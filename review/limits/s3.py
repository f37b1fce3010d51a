"""S3.

Source: Amazon S3 User Guide.
"""

INFREQUENT_ACCESS = ("STANDARD_IA", "ONEZONE_IA")
INFREQUENT_ACCESS_DAYS = 30
"""Before that many days nothing moves to infrequent access (S3 User Guide, Transitioning objects
using Amazon S3 Lifecycle)."""

STORAGE_ORDER = (
    "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE",
)  # fmt: skip
"""Objects move down this list only (the same page)."""

MINIMUM_DAYS = {"STANDARD_IA": 30, "ONEZONE_IA": 30, "GLACIER_IR": 90, "GLACIER": 90,
    "DEEP_ARCHIVE": 180}  # fmt: skip
"""For how many days a storage class bills an object at least (Amazon S3 pricing)."""

NAME_PATTERN = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
"""Names of buckets (S3 User Guide, Bucket naming rules)."""

RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
