"""Keeps Terraform's state in step with the embedded AWS that it describes."""

import shutil
from collections.abc import Callable
from pathlib import Path

from commands.shared.console import CommandError
from local_aws import control
from local_aws.access.credentials import Credentials, read_credentials, write_credentials
from local_aws.private_files import own_folder
from modules.settings import LocalAwsSettings
from modules.toolchain import LOCAL_AWS_FOLDER, LOCAL_STATE_FOLDER

FOLDER = LOCAL_AWS_FOLDER


def state_folder() -> Path:
    """Return where Terraform's state is kept."""
    return FOLDER / LOCAL_STATE_FOLDER.name


def credentials_file(settings: LocalAwsSettings) -> Path:
    """Return the file with the access key of the server."""
    return FOLDER.parent / Path(settings.credentials_file).expanduser()


def ensure_local_aws(settings: LocalAwsSettings, *, report: Callable[[str], None] = print) -> None:
    """Start the embedded AWS unless it runs, and drop the state of one that stopped.

    The embedded AWS keeps everything in memory, so once it stops, its state describes nothing.
    State of a server that LOCAL_AWS_URL names is never dropped: its resources may still exist.

    Args:
        settings: How to reach the server.
        report: Called with a line about it.

    Raises:
        LocalAwsError: The server does not start, or another server's credentials file is missing.
        CommandError: The state belongs to another server.
    """
    if settings.url:
        server_id = settings.url
        _ensure_credentials(settings)
        report(f"Using the AWS-compatible server at {server_id}")
    else:
        server = control.start(port=settings.port, folder=FOLDER)
        server_id = server.instance_id
        verb = "started" if server.started else "runs"
        report(f"Embedded AWS {verb} at {server.url} (process {server.pid})")
    owner_file = state_folder() / "server"
    owner = owner_file.read_text().strip() if owner_file.is_file() else server_id
    if owner != server_id:
        _drop_state(owner, wanted=server_id, report=report)
    state_folder().mkdir(parents=True, exist_ok=True)
    owner_file.write_text(f"{server_id}\n")


def describes_server(settings: LocalAwsSettings | None) -> bool:
    """Return whether the local state describes what a server that may run now holds.

    Raises:
        CommandError: The embedded AWS listens on another port.
    """
    owner_file = state_folder() / "server"
    if settings is None or not owner_file.is_file():
        return False
    owner = owner_file.read_text().strip()
    if settings.url:
        return owner == settings.url
    server = control.status(folder=FOLDER)
    if server is None or server.instance_id != owner:
        return False
    if server.url != settings.endpoint:
        port = server.url.rpartition(":")[2]
        message = f"The embedded AWS runs at {server.url}: set LOCAL_AWS_PORT={port}."
        raise CommandError(message)
    return True


def _ensure_credentials(settings: LocalAwsSettings) -> None:
    """Write a key if there is none at the default place; most AWS-compatible servers take any."""
    own_folder(FOLDER)
    file = credentials_file(settings)
    if file.parent == FOLDER and not file.exists():
        any_key = Credentials(access_key_id="test", secret_access_key="test")  # noqa: S106
        write_credentials(any_key, file=file)
    read_credentials(file)


def _drop_state(owner: str, *, wanted: str, report: Callable[[str], None]) -> None:
    if "://" in owner:
        message = (
            f"The state in {state_folder()} belongs to {owner}, not to {wanted}: "
            f"run `make destroy LOCAL_AWS_URL={owner}` first, or remove that folder."
        )
        raise CommandError(message)
    report("The embedded AWS was restarted and lost what was deployed: starting over")
    shutil.rmtree(state_folder())
