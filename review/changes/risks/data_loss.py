"""Data that would be lost, and protections of data that would go."""

from collections.abc import Iterator

from review.changes.knowledge.data import PROTECTIONS, STORES, Protection, Store
from review.changes.model import Finding
from review.changes.reading import Change
from review.changes.risks.common import finding, goes, number, value_at
from review.terraform.values import Unknown

TRUE = (True, "true", "ACTIVE")


def find_data_loss(change: Change) -> Iterator[Finding]:
    """Find what a change does to data."""
    store = STORES.get(change.type)
    if store and goes(change) and change.existed:
        yield _judge_end(change, store)
    elif change.action == "update":
        for protection in PROTECTIONS:
            yield from _judge_protection(change, protection)


def _judge_end(change: Change, store: Store) -> Finding:
    """Judge the end of an object by its values, as they are before it goes."""
    begins = f"What it holds goes with it: {store.holds}"
    values = change.before
    if store.keeps and value_at(values, (store.keeps,)) is True:
        return finding(
            change, risk="data loss", level="care",
            sentence=f"It stays in AWS, because of {store.keeps}, and Terraform lets go of it.",
        )  # fmt: skip
    if store.refuses and value_at(values, (store.refuses,)) in TRUE:
        return finding(
            change, risk="data loss", level="danger",
            sentence=f"{begins}. AWS refuses that while {store.refuses} is on: the deployment "
            "fails half-way.",
        )  # fmt: skip
    if store.waits:
        days = number(value_at(values, (store.waits,)))
        days = store.waits_by_default if days is None else days
        if days:
            return finding(
                change, risk="data loss", level="care",
                sentence=f"{begins}. It can be restored for {days:g} days.",
            )  # fmt: skip
    if store.forces and value_at(values, (store.forces,)) is not True:
        return finding(
            change, risk="data loss", level="care",
            sentence=f"{begins}. AWS refuses that while there is any: {store.forces} is off.",
        )  # fmt: skip
    snapshot = value_at(values, (store.snapshot,)) if store.snapshot else None
    skips = bool(store.skips_snapshot) and value_at(values, (store.skips_snapshot,)) is not False
    if snapshot and not (skips and value_at(values, (store.skips_snapshot,)) is True):
        return finding(
            change, risk="data loss", level="care",
            sentence=f"{begins}. The final snapshot {snapshot} remains, and has to be restored by "
            "hand; what is written after it is lost.",
        )  # fmt: skip
    return finding(
        change, risk="data loss", level="danger",
        sentence=f"{begins}. Nothing remains.",
    )  # fmt: skip


def _judge_protection(change: Change, protection: Protection) -> Iterator[Finding]:
    if protection.types and change.type not in protection.types:
        return
    if protection.path[0] not in change.changed:
        return
    before, after = (
        value_at(change.before, protection.path),
        value_at(change.after, protection.path),
    )
    name = ".".join(protection.path)
    if protection.strong:
        weakened = before in protection.strong and not isinstance(after, Unknown)
        weakened = weakened and after not in protection.strong
    else:
        old, new = number(before), number(after)
        # Zero days of retention are for ever.
        is_kept = protection.path == ("retention_in_days",)
        new = float("inf") if is_kept and new == 0 else new
        old = float("inf") if is_kept and old == 0 else old
        weakened = old is not None and new is not None and new < old
    if weakened:
        yield finding(
            change,
            risk="data loss",
            level="care",
            sentence=f"{name}, which protects {protection.protects}, changes from {_word(before)} "
            f"to {_word(after)}.",
        )


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)
