"""`make plan`: shows what a deployment would change; changes nothing."""

from commands import image
from commands.console import announce, user_errors
from commands.local_environment import ensure_local_aws
from commands.terraform import ALREADY_SYNTHESISED, read_outputs, run_cdktf
from modules.settings import PARTS, Part, Settings
from modules.settings.selection import load_selected

NEEDS_IMAGE: Part = "service"


def plan(*, settings: Settings) -> None:
    """Plans the stacks in order, as far as they can be planned.

    A stack reads from those before it, so on an environment that is new only the first stack that
    is not deployed can be planned.

    Raises:
        CommandError: a plan failed.
    """
    if settings.local_aws:
        ensure_local_aws(settings.local_aws)
    for index, part in enumerate(PARTS):
        if part == NEEDS_IMAGE and not image.is_published(settings=settings):
            later = ", ".join(PARTS[index:])
            announce(
                f"The image of container/ is not published yet, which {later} need: "
                f"run `make image ENV={settings.environment}`, then plan again"
            )
            return
        announce(f"Planning {settings.stack_id(part)}")
        options = [ALREADY_SYNTHESISED] if index else []
        run_cdktf("diff", [part], settings=settings, options=options)
        if not read_outputs(part, settings=settings):
            later = ", ".join(PARTS[index + 1 :])
            if later:
                announce(f"{part} is not deployed yet; it decides what {later} would be")
            return


def main() -> None:
    """Plans the selected environment."""
    plan(settings=load_selected().settings)


if __name__ == "__main__":
    with user_errors():
        main()
