"""Errors of databases."""

from local_aws.errors import LocalAwsError


class DatabaseError(LocalAwsError):
    """PostgreSQL cannot do what was asked; the message is for the user."""
