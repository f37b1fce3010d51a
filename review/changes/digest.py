"""A short text that tells two sets of changes apart."""

import hashlib
import json
from collections.abc import Iterable

from review.changes.masking import Masks
from review.changes.reading import Change, PlannedStack
from review.changes.showing import LATER
from review.terraform.shapes import as_mapping
from review.terraform.values import Unknown

LENGTH = 16


def digest_of(planned: PlannedStack, *, masks: Masks) -> str:
    """Return the digest of a stack's changes and output changes, without secrets in it."""
    changes = [_content(each, masks) for each in planned.changes]
    outputs = {
        name: [change.get("actions"), masks.hide_all(change.get("after"), name)]
        for name, each in planned.outputs.items()
        if (change := as_mapping(each)).get("actions") != ["no-op"]
    }
    return join([_hash([sorted(changes, key=lambda each: str(each[:4])), outputs])])


def join(digests: Iterable[str]) -> str:
    """Return one digest of several."""
    return _hash(list(digests))


def _content(change: Change, masks: Masks) -> list[object]:
    """Return what a change does: its values, or only those that differ if it stays."""
    # How an object is that goes does not matter to what is done.
    names = () if change.action in {"delete", "forget"} else change.changed
    values = {
        name: [
            masks.hide_all(change.before.get(name), name),
            masks.hide_all(change.after.get(name), name),
        ]
        for name in names
    }
    return [change.address, change.action, change.creates_first, change.deposed, values]


def _hash(value: object) -> str:
    text = json.dumps(value, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def _plain(value: object) -> str:
    # What a plan knows of an unknown value's origin may differ between two plans.
    return LATER if isinstance(value, Unknown) else str(value)
