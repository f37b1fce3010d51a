"""Writes a review for people and programs, and says what it came to."""

from collections.abc import Callable, Sequence
from pathlib import Path

from commands.shared.console import CommandError
from modules.settings import Settings
from modules.toolchain import ROOT
from review.changes.model import Finding, Review
from review.changes.prices import Prices, read_prices
from review.changes.rendering.files import write_review
from review.errors import ReviewError

FOLDER = ROOT / ".review"
PRICES = ROOT / "prices.yaml"
"""The user's prices; the file need not exist."""

FEW = 12
"""How many findings are named on the terminal; all stand in the files."""


def load_prices() -> Prices | None:
    """Return the user's prices, if there are any.

    Raises:
        CommandError: The file cannot be read.
    """
    try:
        return read_prices(PRICES) if PRICES.exists() else None
    except ReviewError as error:
        raise CommandError(str(error)) from error


def write_files(review: Review, *, settings: Settings, name: str = "review") -> list[Path]:
    """Write a review below `.review`, in the environment's folder.

    Raises:
        CommandError: The folder cannot be written.
    """
    try:
        return write_review(review, folder=FOLDER / settings.prefix, name=name)
    except ReviewError as error:
        raise CommandError(str(error)) from error


def shown(file: Path) -> Path:
    """Return a file as a person in the project folder names it."""
    return file.relative_to(ROOT) if file.is_relative_to(ROOT) else file


def say_review(review: Review, files: Sequence[Path], *, say: Callable[[str], None]) -> None:
    """Say the verdict, the findings that need a look, and where the rest is."""
    say(f"\n{review.verdict}: {review.sentence}")
    for stack in review.stacks:
        for line in (*stack.blind, *stack.trust):
            say(f"  {stack.name}: {line}")
    serious = serious_findings(review)
    for each in serious[:FEW]:
        say(f"  {each.level:6} {each.risk}: {each.stack} {each.address}")
        say(f"         {each.sentence}")
    if len(serious) > FEW:
        say(f"  and {len(serious) - FEW} more")
    say(f"Digest {review.digest}. The review: {', '.join(str(shown(each)) for each in files)}")


def serious_findings(review: Review) -> list[Finding]:
    """Return the findings that are dangerous or need care, the dangerous ones first."""
    found = [each for each in review.findings if each.level != "note"]
    return sorted(found, key=lambda each: each.level != "danger")
