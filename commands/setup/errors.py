"""The error of set-up and of the toolchain it makes."""


class SetupError(Exception):
    """Set-up cannot go on; the message is one line for the user: what is wrong and what to do."""
