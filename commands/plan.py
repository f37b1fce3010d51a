"""`make plan`: shows what a deployment would change; changes nothing."""

from commands.deployment.approval import describe_changes
from commands.deployment.durations import in_words
from commands.deployment.planning import Planner, plan_folder
from commands.deployment.selection import selected_parts
from commands.deployment.session import Session, open_session
from commands.image.environment import is_published
from commands.shared.console import user_errors
from commands.shared.local_environment import ensure_local_aws
from commands.shared.terraform import synthesise
from modules.settings import PARTS, Part, Settings
from modules.settings.selection import load_selected

NEEDS_IMAGE: Part = "service"
"""The first stack that cannot be planned before the image is published."""


def plan(*, settings: Settings, parts: tuple[Part, ...] = PARTS) -> None:
    """Plan stacks in order, as far as they can be planned.

    A stack reads outputs of those before it, so planning ends at the first stack that reads an
    output which is not deployed, or which changes.

    Raises:
        CommandError: A plan failed.
        ImageError: The repository of the image is gone.
    """
    if settings.local_aws:
        ensure_local_aws(settings.local_aws)
    synthesise(settings=settings)
    with (
        open_session("plan", settings=settings, shows_plans=True) as session,
        plan_folder() as folder,
    ):
        session.read_states()
        say = session.display.say
        wanted = parts
        reason = "they read outputs that the stacks above do not have yet, or change"
        if NEEDS_IMAGE in parts and _lacks_image(session):
            wanted = parts[: parts.index(NEEDS_IMAGE)]
            reason = f"the image is not published: run `make image ENV={settings.environment}`"
        planner = Planner(stacks=session.stacks, folder=folder)
        plans = planner.plan([stack for stack in session.stacks if stack.part in wanted])
        for stack in session.stacks:
            if stack.part in plans:
                each = plans[stack.part]
                say(f"{stack.stack_id}  {each.counts.future}  {in_words(stack.seconds)}")
                for line in describe_changes(each):
                    say(line)
        later = [part for part in parts if part not in plans]
        if later:
            say(f"Not planned: {', '.join(later)}, because {reason}.")
        say(f"The plans in full: {session.log.shown_path}")


def _lacks_image(session: Session) -> bool:
    outputs = session.stack("foundation").outputs
    return bool(outputs) and not is_published(settings=session.settings, outputs=outputs)


def main() -> None:
    """Plan the selected environment."""
    plan(settings=load_selected().settings, parts=selected_parts())


if __name__ == "__main__":
    with user_errors():
        main()
