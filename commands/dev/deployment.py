"""The deployment whose API answers with the working copy."""

from collections.abc import Callable, Mapping

from commands.deploy import deploy
from commands.dev.needs import DeployedApi
from commands.shared.aws import api_gateway_client, lambda_client
from commands.shared.console import CommandError, announce
from commands.shared.local_environment import FOLDER, ensure_local_aws, state_folder
from commands.shared.served_routes import read_served_routes
from commands.shared.terraform import read_outputs, stack_folder, synthesise
from local_aws import control
from modules.settings import PARTS, LocalAwsSettings, Settings

_ANSWER_SECONDS = 30


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


def api_reader(service: Mapping[str, object], *, settings: Settings) -> Callable[[], DeployedApi]:
    """Return a function that reads what is deployed at the moment.

    Args:
        service: The outputs of the service stack.
        settings: The environment.
    """
    gateway = api_gateway_client(settings=settings)
    functions = lambda_client(settings=settings, timeout_seconds=_ANSWER_SECONDS)
    _, _, alias = str(service["function_alias_arn"]).rpartition(":")

    def read() -> DeployedApi:
        name = str(service["function_name"])
        return DeployedApi(
            version=functions.get_alias(FunctionName=name, Name=alias)["FunctionVersion"],
            routes=read_served_routes(
                gateway, api_id=str(service["api_id"]), stage=str(service["api_stage_name"])
            ),
        )

    return read


def _owns_state() -> bool:
    """Return whether the embedded AWS runs and the local state describes it."""
    server = control.status(folder=FOLDER)
    owner = state_folder() / "server"
    return (
        server is not None and owner.is_file() and owner.read_text().strip() == server.instance_id
    )
