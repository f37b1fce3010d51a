"""Compares a plan with the review that approved it."""

from collections.abc import Iterator

from review.changes.model import Difference, ReviewedChange, StackReview
from review.changes.showing import LATER


def find_disagreements(*, reviewed: StackReview, planned: StackReview) -> Iterator[str]:
    """Yield what a new plan of a stack does that its review did not show.

    A value that was not known at the review may be anything now. A change that the review showed
    and the plan does not have any more is no disagreement.
    """
    shown = {address: each for each in reviewed.changes for address in each.addresses}
    for change in planned.changes:
        for address in change.addresses:
            before = shown.get(address)
            if before is None:
                yield f"{change.action} {address}"
            elif (before.action, before.creates_first) != (change.action, change.creates_first):
                yield f"{change.action} {address} instead of {before.action}"
            else:
                yield from _compare(address, before, change)
    tags = {*reviewed.tags_only, *shown}
    yield from (f"tags of {address}" for address in planned.tags_only if address not in tags)
    outputs = {each.name: each for each in reviewed.outputs}
    if reviewed.basis != "synthesis":
        for output in planned.outputs:
            known = outputs.get(output.name)
            if known is None or known.after not in {LATER, output.after}:
                yield f"output {output.name}"


def _compare(address: str, before: ReviewedChange, after: ReviewedChange) -> Iterator[str]:
    """Yield the attributes of an object that change otherwise, and risks that are new."""
    values = {each.path: each for each in before.differences}
    for difference in after.differences:
        if not _agrees(values.get(difference.path), difference, values):
            yield f"{difference.path} of {address}"
    known = {(each.risk, each.level) for each in before.findings}
    for finding in after.findings:
        if finding.address == address and (finding.risk, finding.level) not in known:
            yield f"{finding.risk} of {address}: {finding.sentence}"


def _agrees(
    shown: Difference | None, difference: Difference, values: dict[str, Difference]
) -> bool:
    if shown is not None:
        return shown.after in {LATER, difference.after}
    # The review showed the attribute as a whole, because its parts were not known.
    name = difference.path.partition(":")[0].partition(".")[0].partition("[")[0]
    whole = values.get(name)
    return whole is not None and whole.after == LATER
