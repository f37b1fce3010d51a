"""Draws the stacks of a review: a box for each, and an arrow to those that read it."""

from dataclasses import dataclass

from review.changes.model import LEVELS, Review, StackReview
from review.changes.verdict import count_changes

BOX_WIDTH, BOX_HEIGHT = 190, 92
GAP_X, GAP_Y, EDGE = 60, 24, 12
LONGEST = 24
"""The characters of a name that fit a box."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A stack at its place."""

    name: str
    shown: str
    x: int
    y: int
    level: str
    """The worst level of its changes."""

    lines: tuple[str, ...]
    said: str


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """A line from a stack to one that reads it, and the line's head."""

    line: str
    head: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Everything that is drawn."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def draw(review: Review) -> Picture | None:
    """Return the picture; nothing if there is only one stack."""
    if len(review.stacks) < 2:  # noqa: PLR2004  # a picture of one box says nothing
        return None
    columns: dict[int, list[StackReview]] = {}
    depths = _depths(review.stacks)
    for stack in review.stacks:
        columns.setdefault(depths[stack.name], []).append(stack)
    places = {
        stack.name: (
            EDGE + depth * (BOX_WIDTH + GAP_X),
            EDGE + row * (BOX_HEIGHT + GAP_Y),
        )
        for depth, column in columns.items()
        for row, stack in enumerate(column)
    }
    boxes = tuple(_box(stack, *places[stack.name]) for stack in review.stacks)
    arrows = tuple(
        _arrow(places[read], places[stack.name])
        for stack in review.stacks
        for read in _nearest(stack, depths)
    )
    return Picture(
        width=max(box.x for box in boxes) + BOX_WIDTH + EDGE,
        height=max(box.y for box in boxes) + BOX_HEIGHT + EDGE,
        boxes=boxes,
        arrows=arrows,
    )


def _depths(stacks: tuple[StackReview, ...]) -> dict[str, int]:
    """Return how many stacks stand before each; stacks come in the order of their deployment."""
    depths: dict[str, int] = {}
    for stack in stacks:
        depths[stack.name] = 1 + max((depths.get(each, -1) for each in stack.reads), default=-1)
    return depths


def _nearest(stack: StackReview, depths: dict[str, int]) -> list[str]:
    """Return the stacks that it reads and that stand in the column before it, or the last one."""
    read = [each for each in stack.reads if each in depths]
    last = max((depths[each] for each in read), default=0)
    return [each for each in read if depths[each] == last]


def _box(stack: StackReview, x: int, y: int) -> Box:
    levels = [change.level for change in stack.changes]
    level = min(levels, key=LEVELS.index, default="note")
    said = "not reviewed" if stack.basis == "nothing" else count_changes([stack])
    lines = said.split(", ")
    shown = [*lines[:2], f"and {len(lines) - 2} more"] if len(lines) > 3 else lines  # noqa: PLR2004
    name = stack.name if len(stack.name) <= LONGEST else f"…{stack.name[1 - LONGEST :]}"
    return Box(name=stack.name, shown=name, x=x, y=y, level=level, lines=tuple(shown), said=said)


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> Arrow:
    x1, y1 = start[0] + BOX_WIDTH, start[1] + BOX_HEIGHT // 2
    x2, y2 = end[0] - 6, end[1] + BOX_HEIGHT // 2
    middle = (x1 + x2) // 2
    return Arrow(
        line=f"M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}",
        head=f"M{x2 - 2} {y2 - 5} L{x2 + 6} {y2} L{x2 - 2} {y2 + 5} Z",
    )
