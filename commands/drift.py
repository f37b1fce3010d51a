"""`make drift`: reports what was changed outside Terraform; changes nothing."""

from dataclasses import replace

from commands.deployment.selection import selected_parts
from commands.review import collected
from commands.reviewing.reporting import shown, write_files
from commands.shared.console import user_errors
from modules.settings import PARTS, Part, Settings
from modules.settings.selection import load_selected
from review.changes.model import Difference, Review

LONGEST = 80
"""The characters of a value that stand on the terminal."""


def only_drift(review: Review) -> Review:
    """Return a review without the changes that the configuration makes."""
    stacks = tuple(replace(each, changes=(), outputs=(), tags_only=()) for each in review.stacks)
    found = [drift for stack in stacks for drift in stack.drift]
    reverted = sum(each.reverted for each in found)
    sentence = (
        f"{len(found)} objects were changed outside Terraform; a deployment changes {reverted} back"
        if found
        else "nothing was changed outside Terraform"
    )
    verdict = "needs care" if found else review.verdict
    blind = any(stack.blind for stack in stacks)
    if not found and not blind:
        verdict = "safe"
    return replace(review, stacks=stacks, verdict=verdict, sentence=sentence)


def _in_a_line(difference: Difference) -> str:
    """Return a difference for the terminal; long values stand in the files."""
    values = difference.before or "nothing", difference.after or "nothing"
    if any("\n" in each or len(each) > LONGEST for each in values):
        return f"{difference.path} differs"
    return f"{difference.path}: {values[0]} -> {values[1]}"


def report_drift(*, settings: Settings, parts: tuple[Part, ...] = PARTS) -> None:
    """Report what was changed outside Terraform, and what a deployment would do with it.

    Raises:
        CommandError: The stacks cannot be synthesised or planned.
    """
    with collected("drift", settings=settings, parts=parts) as (session, found):
        drift = only_drift(found.review)
        files = write_files(drift, settings=settings, name="drift")
        say = session.display.say
        say(f"\n{drift.sentence}.")
        for stack in drift.stacks:
            for line in stack.blind:
                say(f"  {stack.name}: {line}")
            for each in stack.drift:
                what = "is gone" if each.gone else "differs"
                say(f"  {stack.name} {each.address} {what}: {each.outcome}")
                for difference in each.differences:
                    say(f"    {_in_a_line(difference)}")
        say(f"The report: {', '.join(str(shown(each)) for each in files)}")


def main() -> None:
    """Report on the selected environment."""
    report_drift(settings=load_selected().settings, parts=selected_parts())


if __name__ == "__main__":
    with user_errors():
        main()
