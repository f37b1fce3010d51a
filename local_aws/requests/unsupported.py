"""What was deployed but cannot be served here."""

from local_aws.errors import LocalAwsError


class UnsupportedError(LocalAwsError):
    """The embedded AWS lacks what a request would need; the message is for the user."""
