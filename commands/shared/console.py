"""Headings for long steps, and one message for an expected failure."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

from local_aws.errors import LocalAwsError
from modules import errors
from modules.errors import UserError


class CommandError(UserError):
    """A command cannot go on; the message says why and what to do."""


def announce(text: str) -> None:
    """Print the heading of a step, flushed so that it precedes the output of child processes."""
    print(f"\n==> {text}", flush=True)


@contextmanager
def user_errors() -> Generator[None]:
    """End the process with status 1 and one message if the failure is an expected one.

    Expected are the project's errors for the user, those of the embedded AWS and those of AWS.
    """
    with errors.user_errors():
        try:
            yield
        except LocalAwsError as error:
            sys.exit(str(error))
        except Exception as error:
            if not _came_from_aws(error):
                raise
            sys.exit(f"AWS refused a request, or did not answer: {error}")


def _came_from_aws(error: Exception) -> bool:
    """Return whether an AWS client raised it.

    The module's name decides, so that commands without AWS clients need not import botocore.
    """
    return any(kind.__module__ == "botocore.exceptions" for kind in type(error).__mro__)
