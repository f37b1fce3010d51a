"""Errors that the user can fix, and how a program exits on one."""

import sys
from collections.abc import Generator
from contextlib import contextmanager


class UserError(Exception):
    """An error that the user can fix: the message says what is wrong, where, and what to do.

    Every package derives its own user errors from this class; other exceptions are defects.
    """


@contextmanager
def user_errors() -> Generator[None]:
    """Exit with status 1 and only the message if the user can fix the failure."""
    try:
        yield
    except UserError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Run the command again to go on.")
