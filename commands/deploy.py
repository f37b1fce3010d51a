"""`make deploy`: deploys every stack, and publishes the image after the first."""

import sys

from commands.adoption import adopting
from commands.image.environment import publish
from commands.outputs import print_outputs
from commands.shared.addresses import describe_attempts, read_addresses
from commands.shared.console import CommandError, announce, user_errors
from commands.shared.local_environment import ensure_local_aws
from commands.shared.printing import wants_json
from commands.shared.terraform import ALREADY_SYNTHESISED, PART_OF_STACKS, run_cdktf, synthesise
from modules.settings import PARTS, Part, Settings
from modules.settings.selection import is_confirmed, load_selected

IMAGE_FOLLOWS: Part = "foundation"
"""The stack that holds the image's repository. The image is published right after it, because the
functions of later stacks need the image."""


def deploy(*, settings: Settings) -> None:
    """Deploy the environment; an interrupted deployment can simply be run again.

    Raises:
        CommandError: A step failed, or there is no terminal to approve the plans at.
    """
    if settings.local_aws:
        ensure_local_aws(settings.local_aws)
    synthesise(settings=settings)
    for part in PARTS:
        announce(f"Deploying {settings.stack_id(part)}")
        _deploy_part(part, settings=settings)
        if part == IMAGE_FOLLOWS:
            announce("Publishing the image")
            publish(settings=settings)


def _deploy_part(part: Part, *, settings: Settings) -> None:
    approved = settings.local_aws is not None or is_confirmed(settings)
    if not approved and not sys.stdin.isatty():
        message = (
            "There is no terminal to approve the plans at: review "
            f"`make plan ENV={settings.environment}`, then deploy with CONFIRM={settings.label}."
        )
        raise CommandError(message)
    options = [PART_OF_STACKS, ALREADY_SYNTHESISED]
    if approved:
        options.append("--auto-approve")
    with adopting(part, settings=settings):
        run_cdktf("deploy", [part], settings=settings, options=options, interactive=not approved)


def main() -> None:
    """Deploy the selected environment and print its outputs."""
    settings = load_selected().settings
    as_json = wants_json()
    deploy(settings=settings)
    announce(f"{settings.prefix} is deployed")
    print_outputs(settings=settings, as_json=as_json)
    print(describe_attempts(read_addresses(settings=settings), settings=settings))


if __name__ == "__main__":
    with user_errors():
        main()
