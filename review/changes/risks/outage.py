"""What would not serve for a while."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

from review.changes.knowledge.data import STORES
from review.changes.knowledge.serving import ADDRESSED, HARMLESS, RESTARTS, SERVING
from review.changes.model import Difference, Finding, Level
from review.changes.reading import Change
from review.changes.risks.common import finding, matches


def find_outage(change: Change, differences: tuple[Difference, ...]) -> Iterator[Finding]:
    """Find what a change interrupts."""
    if change.deposed:
        return
    served = _served_by(change.type)
    if change.action == "update":
        yield from _judge_restart(change, differences, served)
    elif change.action in {"replace", "delete"}:
        yield from _judge_end(change, served)


@cache
def _served_by(type_: str) -> str:
    """Return what an object of a type serves; empty for others."""
    return next((what for pattern, what in SERVING.items() if fnmatchcase(type_, pattern)), "")


def _judge_restart(
    change: Change, differences: tuple[Difference, ...], served: str
) -> Iterator[Finding]:
    changed = {each.path.partition(".")[0].partition("[")[0] for each in differences}
    causes = sorted(changed & set(RESTARTS.get(change.type, ())))
    if causes:
        at_once = change.after.get("apply_immediately")
        when = "at once" if at_once is True else "at once or in its maintenance window"
        yield finding(
            change,
            risk="outage",
            level="care",
            sentence=f"{' and '.join(causes)} may restart {served or 'it'}, {when}.",
        )


def _judge_end(change: Change, served: str) -> Iterator[Finding]:
    if matches(change.type, HARMLESS):
        return
    level: Level = "care"
    if change.action == "delete":
        if not served and change.type in STORES:
            return
        sentence = (
            f"What needs it fails: {served}."
            if served
            else "Nothing is known here of what depends on it."
        )
    elif change.creates_first:
        level = "care" if change.type in ADDRESSED else "note"
        sentence = "The new object is made before the old one goes" + (
            ", and has another address: its clients have to follow."
            if change.type in ADDRESSED
            else "."
        )
    else:
        sentence = (
            f"{served or 'It'} is interrupted: the old object goes before the new one is made"
        )
        sentence = f"{sentence[0].upper()}{sentence[1:]}"
        sentence += ", at another address." if change.type in ADDRESSED else "."
    yield finding(change, risk="outage", level=level, sentence=sentence)
