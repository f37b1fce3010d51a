"""Keeps Terraform's state in step with the embedded AWS that it describes."""

import shutil
from pathlib import Path

from commands.shared.console import CommandError, announce
from local_aws import control
from modules.settings import LocalAwsSettings
from modules.toolchain import LOCAL_AWS_FOLDER, LOCAL_STATE_FOLDER

FOLDER = LOCAL_AWS_FOLDER


def state_folder() -> Path:
    """Return where Terraform's state is kept."""
    return FOLDER / LOCAL_STATE_FOLDER.name


def ensure_local_aws(settings: LocalAwsSettings) -> None:
    """Start the embedded AWS unless it runs, and drop the state of one that stopped.

    The embedded AWS keeps everything in memory, so once it stops, its state describes nothing.
    State of a server that LOCAL_AWS_URL names is never dropped: its resources may still exist.

    Raises:
        LocalAwsError: The server does not start.
        CommandError: The state belongs to another server.
    """
    if settings.url:
        server_id = settings.url
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


def _drop_state(owner: str, *, wanted: str) -> None:
    if "://" in owner:
        message = (
            f"The state in {state_folder()} belongs to {owner}, not to {wanted}: "
            f"run `make destroy LOCAL_AWS_URL={owner}` first, or remove that folder."
        )
        raise CommandError(message)
    announce("The embedded AWS was restarted and lost what was deployed: starting over")
    shutil.rmtree(state_folder())
