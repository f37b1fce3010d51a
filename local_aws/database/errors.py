"""What goes wrong with a database, said to the user."""

from local_aws.errors import LocalAwsError


class DatabaseError(LocalAwsError):
    """PostgreSQL cannot do what was asked; the message is for the user."""
