"""`make review`: plans every stack, and writes what is at risk; changes nothing."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

from commands.deployment.planning import plan_folder
from commands.deployment.selection import selected_parts
from commands.deployment.session import Session, open_session
from commands.image.environment import is_published
from commands.plan import NEEDS_IMAGE
from commands.reviewing.collecting import Collected, Collector
from commands.reviewing.reporting import load_prices, say_review, write_files
from commands.shared.console import user_errors
from commands.shared.local_environment import ensure_local_aws
from commands.shared.terraform import STACKS_FOLDER, synthesise
from modules.settings import PARTS, Part, Settings
from modules.settings.selection import load_selected
from review.changes.paths import STATUS


@contextmanager
def collected(
    command: str, *, settings: Settings, parts: tuple[Part, ...]
) -> Generator[tuple[Session, Collected]]:
    """Yield a session and the review of its stacks.

    Raises:
        CommandError: The stacks cannot be synthesised or planned.
    """
    if settings.local_aws:
        ensure_local_aws(settings.local_aws)
    synthesise(settings=settings)
    with (
        open_session(command, settings=settings, shows_plans=True) as session,
        plan_folder() as folder,
    ):
        session.read_states()
        outputs = session.stack("foundation").outputs
        missing: dict[Part, str] = {}
        if outputs and not is_published(settings=settings, outputs=outputs):
            missing[NEEDS_IMAGE] = (
                f"the image is not published; run `make image ENV={settings.environment}`"
            )
        collector = Collector(
            session=session,
            folder=folder,
            synthesised=STACKS_FOLDER.parent,
            missing=missing,
            prices=load_prices(),
        )
        yield session, collector.collect(parts)


def review(*, settings: Settings, parts: tuple[Part, ...] = PARTS) -> int:
    """Review an environment's plans, and return the exit status of the verdict.

    Raises:
        CommandError: The stacks cannot be synthesised or planned.
    """
    with collected("review", settings=settings, parts=parts) as (session, found):
        files = write_files(found.review, settings=settings)
        say_review(found.review, files, say=session.display.say)
        return STATUS[found.review.verdict]


def main() -> None:
    """Review the selected environment."""
    sys.exit(review(settings=load_selected().settings, parts=selected_parts()))


if __name__ == "__main__":
    with user_errors():
        main()
