"""`make deploy`: deploys every stack, the image between foundation and the rest."""

import sys

from commands import image, outputs
from commands.console import CommandError, announce, user_errors
from commands.local_environment import ensure_local_aws
from commands.site import describe_attempts, read_site
from commands.terraform import ALREADY_SYNTHESISED, PART_OF_STACKS, run_cdktf
from modules.settings import PARTS, Part, Settings
from modules.settings.selection import is_confirmed, load_selected

IMAGE_FOLLOWS: Part = "foundation"
"""The image is pushed between the repository's stack and the function's."""


def deploy(*, settings: Settings) -> None:
    """Deploys the environment; an interrupted deployment can simply be run again.

    Raises:
        CommandError: a step failed, or nobody is there to approve the plans.
    """
    if settings.local_aws:
        ensure_local_aws(settings.local_aws)
    for part in PARTS:
        announce(f"Deploying {settings.stack_id(part)}")
        _deploy_part(part, settings=settings)
        if part == IMAGE_FOLLOWS:
            announce("Publishing the image")
            image.publish(settings=settings)


def _deploy_part(part: Part, *, settings: Settings) -> None:
    approved = settings.local_aws is not None or is_confirmed(settings)
    if not approved and not sys.stdin.isatty():
        message = (
            f"Nobody is there to approve the plans: review `make plan ENV={settings.environment}`, "
            f"then deploy with CONFIRM={settings.label}."
        )
        raise CommandError(message)
    options = [PART_OF_STACKS]
    if approved:
        options.append("--auto-approve")
    if part != PARTS[0]:
        options.append(ALREADY_SYNTHESISED)
    run_cdktf("deploy", [part], settings=settings, options=options, interactive=not approved)


def main() -> None:
    """Deploys the selected environment and prints its outputs."""
    settings = load_selected().settings
    deploy(settings=settings)
    announce(f"{settings.prefix} is deployed")
    outputs.print_outputs(settings=settings)
    print(describe_attempts(read_site(settings=settings), settings=settings))


if __name__ == "__main__":
    with user_errors():
        main()
