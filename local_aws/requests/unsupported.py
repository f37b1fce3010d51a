"""The error for deployed settings that the embedded AWS lacks."""

from local_aws.errors import LocalAwsError


class UnsupportedError(LocalAwsError):
    """A request needs a feature that the embedded AWS lacks; it is answered with status 501."""
