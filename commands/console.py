"""How the commands speak: headings for long steps, one message for an expected failure."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

from commands.setup.errors import SetupError
from local_aws.errors import LocalAwsError
from modules.api_document import ApiDocumentError
from modules.container_image import ImageError
from modules.edge.package import PackageError
from modules.settings import SettingsError


class CommandError(Exception):
    """A command cannot go on; the message says what is wrong and what to do."""


USER_ERRORS = (
    ApiDocumentError,
    CommandError,
    ImageError,
    LocalAwsError,
    PackageError,
    SettingsError,
    SetupError,
)
"""Failures that are for the user to mend."""


def announce(text: str) -> None:
    """Print the heading of a step before it starts, in order with its children's output."""
    print(f"\n==> {text}", flush=True)


@contextmanager
def user_errors() -> Generator[None]:
    """End the process with status 1 and the message alone, for every expected failure."""
    try:
        yield
    except USER_ERRORS as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Run the command again to go on.")
    except Exception as error:
        if not _came_from_aws(error):
            raise
        sys.exit(f"AWS refused a request, or did not answer: {error}")


def _came_from_aws(error: Exception) -> bool:
    """Return whether an AWS client raised it; told by name, as most commands need not load one."""
    return any(kind.__module__ == "botocore.exceptions" for kind in type(error).__mro__)
