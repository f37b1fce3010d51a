"""IAM.

Source: IAM User Guide, JSON policy element reference.
"""

POLICY_VERSIONS = ("2012-10-17", "2008-10-17")

ACCESS_KEY_PATTERN = r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
"""What an access key's id looks like (IAM User Guide, Unique identifiers)."""

PUBLIC_ACCOUNTS = (
    "123456789012", "111122223333", "444455556666", "000000000000", "999999999999",
)  # fmt: skip
"""Accounts of AWS's documents and of emulators."""
