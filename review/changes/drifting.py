"""Joins what was changed outside Terraform with what a plan does about it."""

from collections.abc import Iterator, Mapping

from review.changes.differences import compare
from review.changes.masking import Masks
from review.changes.model import Difference, Drift
from review.changes.reading import Change, PlannedStack

EMPTY = {None, "", "0", "false", "{}"}
"""What a service and Terraform may say for the same: nothing is set."""


def find_drift(planned: PlannedStack, *, masks: Masks) -> Iterator[Drift]:
    """Yield each object that was changed outside Terraform, and what becomes of that.

    Terraform reports every attribute that differs from its state. Those that the configuration does
    not set, and that the plan does not change back, are left out.
    """
    changes = {each.address: each for each in planned.changes}
    for drifted in planned.drift:
        drift = _judge(drifted, changes, masks)
        if drift:
            yield drift


def _judge(drifted: Change, changes: Mapping[str, Change], masks: Masks) -> Drift | None:
    planned = changes.get(drifted.address)
    gone = drifted.action == "delete"
    if gone:
        again = planned is not None and planned.action == "create"
        outcome = "the deployment makes it again" if again else "the configuration has it no more"
        return Drift(
            stack=drifted.stack, address=drifted.address, differences=(), gone=True,
            outcome=outcome, reverted=again,
        )  # fmt: skip
    differences = tuple(
        each
        for each in compare(drifted, masks=masks).differences
        if _is_written(drifted, each) or (planned and _attribute(each) in planned.changed)
    )
    reverted = {
        name for each in differences if planned and (name := _attribute(each)) in planned.changed
    }
    if planned and planned.action in {"delete", "forget", "replace"}:
        outcome = f"the deployment {_verb(planned)} it anyway"
    elif reverted:
        outcome = f"the deployment reverts {', '.join(sorted(reverted))}"
    else:
        # What the configuration does not set, or sets to what is there, stays.
        outcome = "nothing changes it back: the configuration leaves it to AWS, or says the same"
    if not differences:
        return None
    return Drift(
        stack=drifted.stack, address=drifted.address, differences=differences, gone=False,
        outcome=outcome, reverted=bool(reverted),
    )  # fmt: skip


def _verb(change: Change) -> str:
    return {"delete": "destroys", "forget": "forgets"}.get(change.action, "replaces")


def _is_written(drifted: Change, difference: Difference) -> bool:
    """Return whether the configuration sets an attribute.

    What it does not set, a service fills in, or another resource does, as a topic's policy.
    """
    name = _attribute(difference)
    if {difference.before, difference.after} <= EMPTY:
        return False
    return drifted.resource is None or name in drifted.resource.expressions


def _attribute(difference: Difference) -> str:
    return difference.path.partition(":")[0].partition(".")[0].partition("[")[0]
