"""`make plan`: shows what a deployment would change; changes nothing."""

from commands.adoption import adopting
from commands.image.environment import is_published
from commands.shared.console import announce, user_errors
from commands.shared.local_environment import ensure_local_aws
from commands.shared.terraform import ALREADY_SYNTHESISED, read_outputs, run_cdktf, synthesise
from modules.settings import PARTS, Part, Settings
from modules.settings.selection import load_selected

NEEDS_IMAGE: Part = "service"
"""The first stack that cannot be planned before the image is published."""


def plan(*, settings: Settings) -> None:
    """Plan the stacks in order, as far as they can be planned.

    A stack reads outputs of those before it, so planning ends at the first stack that is not
    deployed.

    Raises:
        CommandError: A plan failed.
        ImageError: The repository of the image is gone.
    """
    if settings.local_aws:
        ensure_local_aws(settings.local_aws)
    synthesise(settings=settings)
    for index, part in enumerate(PARTS):
        if part == NEEDS_IMAGE and not is_published(settings=settings):
            later = ", ".join(PARTS[index:])
            announce(
                f"The image of container/ is not published yet, and {later} need it: "
                f"run `make image ENV={settings.environment}`, then plan again"
            )
            return
        announce(f"Planning {settings.stack_id(part)}")
        with adopting(part, settings=settings):
            run_cdktf("diff", [part], settings=settings, options=[ALREADY_SYNTHESISED])
        if not read_outputs(part, settings=settings):
            later = ", ".join(PARTS[index + 1 :])
            if later:
                announce(f"{part} is not deployed yet, and {later} cannot be planned before it")
            return


def main() -> None:
    """Plan the selected environment."""
    plan(settings=load_selected().settings)


if __name__ == "__main__":
    with user_errors():
        main()
