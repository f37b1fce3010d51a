"""Reviews plans in files."""

from collections.abc import Sequence
from pathlib import Path

from review.changes.assembling import StackInput, review_stacks
from review.changes.model import Review, Verdict
from review.changes.prices import read_prices
from review.terraform.inputs import load_document

STATUS: dict[Verdict, int] = {"safe": 0, "needs care": 2, "dangerous": 3, "cannot judge": 4}
"""The exit status of each verdict; 1 is an error."""


def review_plans(files: Sequence[Path], *, prices: Path | None) -> Review:
    """Review plans, as `terraform show -json` prints them.

    Args:
        files: The plans. Several are reviewed together, each under its file's name.
        prices: The price table.

    Raises:
        ReviewError: A file cannot be read, or is no plan.
    """
    names = [file.name.removesuffix(".json") for file in files]
    inputs = [
        StackInput(name=name if len(files) > 1 else "", document=load_document(file))
        for name, file in zip(names, files, strict=True)
    ]
    title = ", ".join(names)
    return review_stacks(inputs, title=title, prices=read_prices(prices) if prices else None)
