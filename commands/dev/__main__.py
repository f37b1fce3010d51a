"""Serves the working copy of the API until Ctrl-C."""

import os
import signal
import sys
from contextlib import closing
from types import FrameType

from commands.dev.bundler import Bundler
from commands.dev.deployment import api_reader, ensure_deployed, require_embedded_aws
from commands.dev.embedded_aws import DevelopmentSession
from commands.dev.loop import Loop
from commands.dev.needs import DeploymentNeeds
from commands.dev.watch import Watcher
from commands.shared.addresses import Addresses, read_addresses
from commands.shared.console import announce, user_errors
from commands.shared.local_environment import FOLDER, credentials_file
from commands.shared.terraform import read_outputs
from local_aws.access.credentials import read_credentials
from modules.release.release import CONTAINER
from modules.settings import Settings
from modules.settings.selection import DEFAULT_ENVIRONMENT, load_selected
from modules.toolchain import ROOT


def develop(*, settings: Settings, debugged: bool) -> None:
    """Serve the working copy; return on Ctrl-C or SIGTERM, with the deployed code in its place.

    Args:
        settings: The environment.
        debugged: Whether a debugger may attach to the function.

    Raises:
        CommandError: The deployment failed, or the session ended.
        LocalAwsError: The embedded AWS does not start.
    """
    embedded = require_embedded_aws(settings)
    ensure_deployed(settings)
    addresses = read_addresses(settings=settings)
    service = read_outputs("service", settings=settings)
    needs = DeploymentNeeds(
        root=ROOT,
        environment=settings.environment,
        read_deployed=api_reader(service, settings=settings),
    )
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with (
            closing(
                Bundler(
                    container=CONTAINER, folder=FOLDER / "development", coloured=sys.stdout.isatty()
                )
            ) as bundler,
            closing(
                DevelopmentSession(
                    url=embedded.endpoint,
                    credentials=read_credentials(credentials_file(embedded)),
                    alias_arn=str(service["function_alias_arn"]),
                    inspected=debugged,
                )
            ) as session,
        ):
            loop = Loop(
                container=CONTAINER,
                bundler=bundler,
                session=session,
                needs=needs,
                deploy_command=_deploy_command(settings),
            )
            watcher = Watcher(
                trees=[CONTAINER / "src", ROOT / "environments", ROOT / "modules"],
                folders=[CONTAINER],
                saved=loop.notice,
            )
            with closing(watcher):
                _introduce(addresses, settings=settings)
                loop.run()
    except KeyboardInterrupt:
        print("\nThe deployed version answers again.")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _deploy_command(settings: Settings) -> str:
    command = "make deploy"
    if settings.environment != DEFAULT_ENVIRONMENT:
        command += f" ENV={settings.environment}"
    return f"{command} SUFFIX={settings.suffix}" if settings.suffix else command


def _introduce(addresses: Addresses, *, settings: Settings) -> None:
    announce(f"{settings.prefix} answers with the working copy of container/")
    print(f"  API           {addresses.api_url}")
    print(f"  distribution  {addresses.url}")
    print("  Each save is served. Ctrl-C restores the deployed version.", flush=True)


def main() -> None:
    """Serve the working copy of the selected environment."""
    debugged = bool(os.environ.get("DEBUG"))
    develop(settings=load_selected().settings, debugged=debugged)


if __name__ == "__main__":
    with user_errors():
        main()
