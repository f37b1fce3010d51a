"""The base of all errors for the user, and how a program ends on one."""

import sys
from collections.abc import Generator
from contextlib import contextmanager


class UserError(Exception):
    """An error that the user can correct; its message says what is wrong, where, and what to do.

    Every package derives its errors for the user from it. Any other exception is a defect.
    """


@contextmanager
def user_errors() -> Generator[None]:
    """End the process with status 1 and the message alone on an error for the user."""
    try:
        yield
    except UserError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Run the command again to go on.")
