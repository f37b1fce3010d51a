"""Errors that are for the user, and how a program ends on one."""

import sys
from collections.abc import Generator
from contextlib import contextmanager


class UserError(Exception):
    """The user can mend it: the message says what is wrong, where, and what to do.

    Every package derives its own errors of this kind from it; other exceptions are defects.
    """


@contextmanager
def user_errors() -> Generator[None]:
    """End the process with status 1 and the message alone if the user can mend the failure."""
    try:
        yield
    except UserError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Run the command again to go on.")
