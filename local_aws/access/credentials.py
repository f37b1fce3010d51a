"""The access key of the user of this machine, and the file that holds it.

The file has the format of AWS's shared credentials file, so Terraform's AWS provider and every SDK
can read it.
"""

import configparser
import secrets
import string
from dataclasses import dataclass, field
from pathlib import Path

from local_aws.errors import LocalAwsError
from local_aws.private_files import write_private

PROFILE = "local-aws"
"""The profile that holds the key."""

FILE_NAME = "credentials"
"""The name of the file in the server's folder."""

_ID_CHARACTERS = string.ascii_uppercase + "234567"
_ID_LENGTH = 16  # after the prefix; moto knows keys by their length of 20


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """An access key."""

    access_key_id: str
    secret_access_key: str = field(repr=False)


def make_credentials() -> Credentials:
    """Return a new random key."""
    random_part = "".join(secrets.choice(_ID_CHARACTERS) for _ in range(_ID_LENGTH))
    return Credentials(
        access_key_id=f"AKIA{random_part}", secret_access_key=secrets.token_urlsafe(30)
    )


def write_credentials(credentials: Credentials, *, file: Path) -> None:
    """Write a key to a file that only its owner may read."""
    lines = (
        f"[{PROFILE}]",
        f"aws_access_key_id = {credentials.access_key_id}",
        f"aws_secret_access_key = {credentials.secret_access_key}",
    )
    write_private(file, "\n".join(lines) + "\n")


def read_credentials(file: Path) -> Credentials:
    """Return the key in a file.

    Raises:
        LocalAwsError: The file is missing or lacks the profile.
    """
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(file.read_text())
        return Credentials(
            access_key_id=parser[PROFILE]["aws_access_key_id"],
            secret_access_key=parser[PROFILE]["aws_secret_access_key"],
        )
    except OSError as error:
        message = f"The credentials file {file} cannot be read: {error.strerror}."
        raise LocalAwsError(message) from error
    except (configparser.Error, KeyError, ValueError) as error:
        message = f"The credentials file {file} has no access key in the profile {PROFILE}."
        raise LocalAwsError(message) from error
