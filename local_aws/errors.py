"""Errors of the embedded AWS that are for its user."""


class LocalAwsError(Exception):
    """The embedded AWS cannot do what was asked; the message is for the user."""
