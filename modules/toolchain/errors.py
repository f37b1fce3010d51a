"""The error of set-up and of the tools that it installs."""

from modules.errors import UserError


class SetupError(UserError):
    """Set-up cannot go on; the message says in one line what is wrong and what to do."""
