"""Decides what a review comes to, and says it in one line."""

from collections import Counter
from collections.abc import Sequence

from review.changes.model import Action, Finding, ReviewedChange, StackReview, Verdict

PLURALS: dict[Action, tuple[str, str]] = {
    "create": ("1 created", "{} created"),
    "update": ("1 update in place", "{} updates in place"),
    "replace": ("1 replaced", "{} replaced"),
    "delete": ("1 destroyed", "{} destroyed"),
    "forget": ("1 forgotten", "{} forgotten"),
    "import": ("1 imported", "{} imported"),
    "move": ("1 moved", "{} moved"),
    "unknown": ("1 unknown", "{} unknown"),
}
VERBS: dict[Action, str] = {
    "create": "creates",
    "update": "changes",
    "replace": "replaces",
    "delete": "destroys",
    "forget": "forgets",
    "import": "imports",
    "move": "moves",
    "unknown": "does something unknown to",
}


def decide(stacks: Sequence[StackReview]) -> tuple[Verdict, str]:
    """Return the verdict and its sentence.

    A danger counts more than what cannot be judged, and that more than what needs care.
    """
    changes = [each for stack in stacks for each in stack.changes]
    dangers = [each for each in changes if each.level == "danger"]
    cares = [each for each in changes if each.level == "care"]
    blind = [f"{stack.name}: {line}" if stack.name else line
             for stack in stacks for line in stack.blind]  # fmt: skip
    if dangers:
        return "dangerous", _describe(dangers)
    if blind:
        more = f" And {len(blind) - 1} more." if len(blind) > 1 else ""
        return "cannot judge", blind[0] + more
    if cares:
        return "needs care", _describe(cares)
    return "safe", count_changes(stacks)


def _describe(changes: Sequence[ReviewedChange]) -> str:
    """Return what the worst change is, and how many more there are."""
    first = changes[0]
    finding = _worst(first)
    name = first.name or first.addresses[0]
    several = f" and {len(first.addresses) - 1} more" if len(first.addresses) > 1 else ""
    sentence = f"{VERBS[first.action]} {first.type} {name}{several}. {finding.sentence}"
    rest = sum(len(each.addresses) for each in changes[1:])
    return f"{sentence} And {rest} more." if rest else sentence


def _worst(change: ReviewedChange) -> Finding:
    return next(each for each in change.findings if each.level == change.level)


def count_changes(stacks: Sequence[StackReview]) -> str:
    """Return how much changes, such as `3 updates in place, 1 created`."""
    counts: Counter[Action] = Counter()
    tags = outputs = 0
    for stack in stacks:
        tags += len(stack.tags_only)
        outputs += len(stack.outputs)
        for change in stack.changes:
            counts[change.action] += len(change.addresses)
    said = [
        one if counts[action] == 1 else many.format(counts[action])
        for action, (one, many) in PLURALS.items()
        if counts[action]
    ]
    if tags:
        said.append("tags of 1" if tags == 1 else f"tags of {tags}")
    if outputs:
        said.append("1 output" if outputs == 1 else f"{outputs} outputs")
    return ", ".join(said) or "nothing changes"
