"""What becomes reachable, readable or unrecorded."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache

from review.changes.knowledge.exposure import GUARDS, PROTECTING, Guard, Kind
from review.changes.model import Finding
from review.changes.reading import Change
from review.changes.risks.common import finding, is_empty, matches, value_at
from review.changes.risks.network import find_openings
from review.changes.risks.permissions import find_permissions
from review.terraform.shapes import is_list
from review.terraform.values import Unknown

WORDS: dict[Kind, str] = {
    "access": "opens access",
    "encryption": "weakens encryption",
    "logging": "records less",
}


def find_exposure(change: Change) -> Iterator[Finding]:
    """Find what a change exposes."""
    if change.deposed:
        return
    yield from find_openings(change)
    yield from find_permissions(change)
    if change.action in {"create", "update", "replace"}:
        guards = _guards_of(change.type)
        for name in change.changed:
            for guard in guards.get(name, ()):
                yield from _judge_guard(change, guard)
    if change.action in {"delete", "forget"}:
        kind = _guarded_by(change.type)
        if kind:
            yield finding(
                change, risk="exposure", level="care", sentence=f"Without it, AWS {WORDS[kind]}."
            )


@cache
def _guards_of(type_: str) -> Mapping[str, list[Guard]]:
    """Return the guards of a type by the argument that they begin with."""
    found: dict[str, list[Guard]] = {}
    for guard in GUARDS:
        if matches(type_, guard.types):
            found.setdefault(guard.path[0], []).append(guard)
    return found


@cache
def _guarded_by(type_: str) -> Kind | None:
    """Return what an object of a type guards; nothing for others."""
    for pattern, kind in PROTECTING.items():
        if fnmatchcase(type_, pattern):
            return kind
    return None


def _judge_guard(change: Change, guard: Guard) -> Iterator[Finding]:
    """Compare a guarding argument before and after."""
    is_new = change.action == "create"
    if is_new and not guard.on_create:
        return
    before, after = value_at(change.before, guard.path), value_at(change.after, guard.path)
    if before == after or isinstance(after, Unknown):
        return
    name = ".".join(guard.path)
    if guard.weak:
        weakened = after in guard.weak and before not in guard.weak
        sentence = f"{name} changes from {_word(before)} to {_word(after)}"
        sentence = f"{name} is {_word(after)}" if is_new else sentence
    else:
        gone = _lost(before, after)
        weakened = bool(gone)
        sentence = f"{name} loses {gone}"
    if weakened:
        yield finding(
            change,
            risk="exposure",
            level="danger" if guard.kind == "access" and guard.weak and guard.is_last else "care",
            sentence=f"{sentence}, which {WORDS[guard.kind]}.",
        )


def _lost(before: object, after: object) -> str:
    """Return what a value had and has no more, in words; empty if nothing."""
    if is_empty(before):
        return ""
    if is_empty(after):
        return "its value" if not isinstance(before, str) else before
    if is_list(before) and is_list(after):
        gone = [each for each in before if isinstance(each, str) and each not in after]
        return ", ".join(map(str, gone))
    return ""


def _word(value: object) -> str:
    return (
        "unset" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    )
