"""Keeps the embedded AWS and the state that describes it together."""

import shutil
from pathlib import Path

from commands.console import CommandError, announce
from local_aws import control
from local_aws.access.credentials import Credentials, read_credentials, write_credentials
from local_aws.private_files import own_folder
from modules.settings import LocalAwsSettings
from modules.toolchain import ROOT

FOLDER = ROOT / ".local-aws"


def state_folder() -> Path:
    """Where Terraform's state is kept; modules/stacks/base.py names it to Terraform."""
    return FOLDER / "state"


def credentials_file(settings: LocalAwsSettings) -> Path:
    """Return the file with the access key of the server."""
    return FOLDER.parent / Path(settings.credentials_file).expanduser()


def ensure_local_aws(settings: LocalAwsSettings) -> None:
    """Start the embedded AWS unless it runs, and drop state of a server that is gone.

    The embedded AWS keeps everything in memory, so the state of one that stopped describes
    nothing. State of another server (LOCAL_AWS_URL) is never dropped: its resources may live.

    Raises:
        LocalAwsError: the server does not start, or another server's credentials file is missing.
        CommandError: the state belongs to another server.
    """
    if settings.url:
        server_id = settings.url
        _ensure_credentials(settings)
        print(f"Using the AWS-compatible server at {server_id}")
    else:
        server = control.start(port=settings.port, folder=FOLDER)
        server_id = server.instance_id
        verb = "started" if server.started else "runs"
        print(f"Embedded AWS {verb} at {server.url} (process {server.pid})")
    owner_file = state_folder() / "server"
    owner = owner_file.read_text().strip() if owner_file.is_file() else server_id
    if owner != server_id:
        _drop_state(owner, wanted=server_id)
    state_folder().mkdir(parents=True, exist_ok=True)
    owner_file.write_text(f"{server_id}\n")


def _ensure_credentials(settings: LocalAwsSettings) -> None:
    """Write a key if there is none at the default place; most AWS-compatible servers take any."""
    own_folder(FOLDER)
    file = credentials_file(settings)
    if file.parent == FOLDER and not file.exists():
        any_key = Credentials(access_key_id="test", secret_access_key="test")  # noqa: S106
        write_credentials(any_key, file=file)
    read_credentials(file)


def _drop_state(owner: str, *, wanted: str) -> None:
    if "://" in owner:
        message = (
            f"The state in {state_folder()} belongs to {owner}, not to {wanted}: "
            f"run `make destroy LOCAL_AWS_URL={owner}` first, or remove that folder."
        )
        raise CommandError(message)
    announce("The embedded AWS was started anew, so what was deployed is gone: starting over")
    shutil.rmtree(state_folder())
