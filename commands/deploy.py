"""`make deploy`: deploys the stacks, and publishes the image once there is a repository."""

import sys
from dataclasses import replace
from functools import partial

from commands.deployment.approval import approve
from commands.deployment.deployment import Deployment
from commands.deployment.image_publication import IMAGE_FOLLOWS, ImagePublication
from commands.deployment.planning import Planner, plan_folder
from commands.deployment.selection import selected_parts
from commands.deployment.session import Session, open_session
from commands.outputs import print_json
from commands.reviewing.acceptance import require_acceptance
from commands.reviewing.collecting import Collector, raise_errors
from commands.reviewing.reporting import load_prices, say_review, write_files
from commands.reviewing.reviewed_deployment import ReviewedApproval
from commands.shared.addresses import addresses_of, describe_attempts
from commands.shared.console import user_errors
from commands.shared.local_environment import ensure_local_aws
from commands.shared.printing import wants_json
from commands.shared.terraform import STACKS_FOLDER, synthesise
from modules.settings import PARTS, Part, Settings
from modules.settings.selection import load_selected


def deploy(*, settings: Settings, parts: tuple[Part, ...] = PARTS, as_json: bool = False) -> None:
    """Deploy stacks of the environment; an interrupted deployment can simply be run again.

    Args:
        settings: The environment.
        parts: The stacks to deploy, in order.
        as_json: Print the outputs as JSON on standard output, and all else on standard error.

    Raises:
        CommandError: A step failed, or there is no terminal to approve the plans at.
    """
    report = partial(print, file=sys.stderr if as_json else sys.stdout)
    if settings.local_aws:
        ensure_local_aws(settings.local_aws, report=report)
    synthesise(settings=settings)
    with (
        open_session(
            "deploy", settings=settings, shows_plans=settings.local_aws is None, on_stderr=as_json
        ) as session,
        plan_folder() as folder,
        ImagePublication.of(session) as image,
    ):
        session.read_states()
        image.start_after(IMAGE_FOLLOWS)
        deployment = Deployment(
            stacks=[stack for stack in session.stacks if stack.part in parts],
            planner=Planner(stacks=session.stacks, folder=folder, prepare=image.wait_before),
            unattended=settings.local_aws is not None,
            approve=partial(approve, settings=settings, say=session.display.say),
            after_apply=image.start_after,
            say=session.display.say,
        )
        if settings.local_aws is None:
            collector = Collector(
                session=session,
                folder=folder,
                synthesised=STACKS_FOLDER.parent,
                prepare=image.wait_before,
                prices=load_prices(),
            )
            deployment = _review(deployment, collector, parts)
        deployment.run()
        _describe(session, as_json=as_json)


def _review(deployment: Deployment, collector: Collector, parts: tuple[Part, ...]) -> Deployment:
    """Return a deployment of what was reviewed.

    Raises:
        CommandError: Planning failed, or the review found what nobody has accepted.
    """
    settings, say = collector.session.settings, collector.session.display.say
    collected = collector.collect(parts)
    files = write_files(collected.review, settings=settings)
    say_review(collected.review, files, say=say)
    raise_errors(collected.errors)
    require_acceptance(collected.review, settings=settings)
    approval = ReviewedApproval(review=collected.review, settings=settings, say=say)
    return replace(deployment, approve=approval, first=collected.plans)


def _describe(session: Session, *, as_json: bool) -> None:
    settings = session.settings
    outputs = {stack.part: stack.outputs for stack in session.stacks}
    if as_json:
        print_json(outputs)
        return
    say = session.display.say
    if all(outputs.values()):
        say(f"\n{settings.prefix} is deployed.")
        say(describe_attempts(addresses_of(outputs, settings=settings), settings=settings))
    say(f"All outputs: `make outputs`. Everything that Terraform said: {session.log.shown_path}")


def main() -> None:
    """Deploy the selected environment."""
    settings = load_selected().settings
    deploy(settings=settings, parts=selected_parts(), as_json=wants_json())


if __name__ == "__main__":
    with user_errors():
        main()
