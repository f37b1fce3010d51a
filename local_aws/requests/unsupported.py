"""What was deployed but cannot be served here."""


class UnsupportedError(Exception):
    """The embedded AWS lacks what a request would need; the message is for the user."""
