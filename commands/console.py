"""How the commands speak: headings for long steps, one message for an expected failure."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

from local_aws.errors import LocalAwsError
from modules import errors
from modules.errors import UserError


class CommandError(UserError):
    """A command cannot go on."""


def announce(text: str) -> None:
    """Print the heading of a step before it starts, in order with its children's output."""
    print(f"\n==> {text}", flush=True)


@contextmanager
def user_errors() -> Generator[None]:
    """End the process with status 1 and one message on an error of ours or of AWS's."""
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
    """Return whether an AWS client raised it; told by name, as most commands need not load one."""
    return any(kind.__module__ == "botocore.exceptions" for kind in type(error).__mro__)
