"""Writes a review as one HTML file, which loads nothing and works without a network."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from review.changes.model import RISKS, Review, StackReview, Verdict
from review.changes.rendering.markdown import BASES, HEADINGS, WORDS, describe_folded
from review.changes.rendering.picture import draw
from review.changes.verdict import count_changes

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER = Path(__file__).parent
ICONS: dict[Verdict, str] = {
    "safe": "✓",
    "needs care": "!",
    "dangerous": "✕",
    "cannot judge": "?",
}


@cache
def _template() -> "Template":
    # It takes longer to load than a plan to review, and most reviews need no page.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.jinja")


def render_html(review: Review) -> str:
    """Return the review as HTML."""
    from markupsafe import Markup

    return _template().render(
        review=review,
        counted=count_changes(review.stacks),
        distrust=[
            f"{stack.name}: {line}" if stack.name else line
            for stack in review.stacks
            for line in (*_basis(stack), *stack.blind, *stack.trust)
        ],
        picture=draw(review),
        risks=[risk for risk in RISKS if any(_has(stack, risk) for stack in review.stacks)],
        headings=HEADINGS,
        words=WORDS,
        icons=ICONS,
        costs=[each for each in review.findings if each.unit],
        described=_describe,
        folded=describe_folded,
        # Our own files, which hold nothing of the review.
        style=Markup((FOLDER / "style.css").read_text()),  # noqa: S704
        script=Markup((FOLDER / "script.js").read_text()),  # noqa: S704
    )


def _has(stack: StackReview, risk: str) -> bool:
    return any(change.risk == risk for change in stack.changes)


def _basis(stack: StackReview) -> list[str]:
    return [f"{BASES[stack.basis]}."] if BASES[stack.basis] and stack.basis != "nothing" else []


def _describe(stack: StackReview) -> str:
    """Return what changes in a stack, and who planned it."""
    planned = f"planned by Terraform {stack.terraform}" if stack.terraform else BASES[stack.basis]
    parts = [count_changes([stack]), f"{stack.unchanged} unchanged", planned]
    return " · ".join(part for part in parts if part)
