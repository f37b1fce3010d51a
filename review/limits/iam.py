"""IAM.

Source: IAM User Guide, JSON policy element reference.
"""

POLICY_VERSIONS = ("2012-10-17", "2008-10-17")

ACCESS_KEY_PATTERN = r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
"""What an access key's id looks like (IAM User Guide, Unique identifiers)."""
