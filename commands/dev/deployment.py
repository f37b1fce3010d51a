"""The deployment whose API answers with the working copy."""

from commands.deploy import deploy
from commands.shared.console import CommandError, announce
from commands.shared.local_environment import FOLDER, ensure_local_aws, state_folder
from commands.shared.terraform import read_outputs, stack_folder, synthesise
from local_aws import control
from modules.settings import PARTS, LocalAwsSettings, Settings


def require_embedded_aws(settings: Settings) -> LocalAwsSettings:
    """Return the settings of the embedded AWS.

    Raises:
        CommandError: The environment is elsewhere.
    """
    if settings.local_aws is None:
        message = (
            f"`make dev` works on the embedded AWS only, and ENV={settings.environment} is on AWS:"
            " leave ENV out."
        )
        raise CommandError(message)
    if settings.local_aws.url:
        message = (
            f"`make dev` works on the embedded AWS only, not on {settings.local_aws.url}:"
            " unset LOCAL_AWS_URL."
        )
        raise CommandError(message)
    return settings.local_aws


def ensure_deployed(settings: Settings) -> None:
    """Deploy the environment unless all its stacks are deployed on the running embedded AWS.

    Raises:
        CommandError: The deployment failed.
        LocalAwsError: The embedded AWS does not start.
    """
    embedded = require_embedded_aws(settings)
    if not _owns_state():
        announce(f"Deploying {settings.prefix} first: it is not deployed")
        deploy(settings=settings)
        return
    ensure_local_aws(embedded)
    if not all(stack_folder(part, settings=settings).is_dir() for part in PARTS):
        synthesise(settings=settings)
    missing = [part for part in PARTS if not read_outputs(part, settings=settings)]
    if missing:
        announce(f"Deploying {settings.prefix} first: {', '.join(missing)} is not deployed")
        deploy(settings=settings)


def _owns_state() -> bool:
    """Return whether the embedded AWS runs and the local state describes it."""
    server = control.status(folder=FOLDER)
    owner = state_folder() / "server"
    return (
        server is not None and owner.is_file() and owner.read_text().strip() == server.instance_id
    )
