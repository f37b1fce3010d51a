"""Makes the review of stacks from their plans."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from review.changes.differences import Compared, compare
from review.changes.digest import digest_of, join
from review.changes.drifting import find_drift
from review.changes.masking import Masks
from review.changes.model import (
    LEVELS,
    RISKS,
    Basis,
    Finding,
    Level,
    OutputChange,
    Review,
    ReviewedChange,
    Risk,
    StackReview,
)
from review.changes.prices import Prices
from review.changes.reading import Change, PlannedStack, action_of, read_changes
from review.changes.reasons import explain
from review.changes.risks import find_risks
from review.changes.showing import show
from review.changes.verdict import decide
from review.terraform.configuration import Stack
from review.terraform.shapes import as_list, as_mapping
from review.terraform.values import Unknown, find_unknowns

NAMES = (
    "function_name", "cluster_identifier", "bucket", "alarm_name", "dashboard_name", "identifier",
    "name", "domain_name", "id",
)  # fmt: skip
"""Arguments with what AWS calls an object, the best first."""

MUCH = 0.5
"""The share of arguments above which much of a plan is unknown."""


@dataclass(frozen=True, kw_only=True)
class StackInput:
    """What a stack is reviewed from."""

    name: str
    basis: Basis = "plan"
    document: Mapping[str, Any] | None = None
    """Its plan, as `terraform show -json` prints it."""

    synthesised: Stack | None = None
    """Its configuration, if there is no plan."""

    reads: tuple[str, ...] = ()
    trust: tuple[str, ...] = ()
    """Why it deserves less trust, such as warnings of Terraform."""

    blind: tuple[str, ...] = ()
    """Why it cannot be judged."""


def review_stacks(
    inputs: Sequence[StackInput], *, title: str, prices: Prices | None = None
) -> Review:
    """Review stacks that are deployed together.

    Raises:
        ReviewError: A document is no plan.
    """
    prices = prices or Prices()
    masks = Masks.of(each.document for each in inputs if each.document is not None)
    stacks = tuple(_review_stack(each, masks=masks, prices=prices) for each in inputs)
    verdict, sentence = decide(stacks)
    return Review(
        title=title,
        verdict=verdict,
        sentence=sentence,
        stacks=stacks,
        digest=join(f"{each.name} {each.basis} {each.digest}" for each in stacks),
        currency=prices.currency,
    )


def _review_stack(given: StackInput, *, masks: Masks, prices: Prices) -> StackReview:
    planned = _read(given)
    changing = {each.address for each in planned.changes}
    compared = {id(each): compare(each, masks=masks) for each in planned.changes}
    tags_only = [
        each.address
        for each in planned.changes
        if each.action == "update" and compared[id(each)].tags_only
    ]
    reviewed = [
        _review_change(each, compared[id(each)], changing=changing, masks=masks, prices=prices)
        for each in planned.changes
        if each.address not in tags_only or each.action != "update"
    ]
    return StackReview(
        name=given.name,
        basis=given.basis,
        terraform=planned.terraform,
        reads=given.reads,
        changes=tuple(sorted(_join_alike(reviewed), key=_order)),
        outputs=tuple(_output_changes(planned, masks=masks)),
        drift=tuple(find_drift(planned, masks=masks)),
        tags_only=tuple(tags_only),
        unchanged=planned.unchanged,
        trust=(*given.trust, *planned.trust, *_unknown_share(planned)),
        blind=(*given.blind, *planned.blind),
        digest=digest_of(planned, masks=masks),
    )


def _read(given: StackInput) -> PlannedStack:
    if given.document is not None:
        return read_changes(given.document, name=given.name)
    stack = PlannedStack(name=given.name, terraform="")
    for resource in given.synthesised.resources if given.synthesised else ():
        if resource.mode == "managed":
            stack.changes.append(
                Change(
                    stack=given.name,
                    address=resource.address,
                    type=resource.type,
                    provider="",
                    action="create",
                    before={},
                    after={name: resource.get(name) for name in resource.raw},
                    resource=resource,
                )
            )
    return stack


def _review_change(
    change: Change, compared: Compared, *, changing: set[str], masks: Masks, prices: Prices
) -> ReviewedChange:
    findings = tuple(
        replace(each, sentence=masks.hide(each.sentence))
        for each in find_risks(change, compared.differences, prices=prices)
    )
    risk, level = _worst(findings)
    return ReviewedChange(
        stack=change.stack,
        addresses=(change.address,),
        type=change.type,
        action=change.action,
        risk=risk,
        level=level,
        differences=compared.differences,
        why=explain(change, compared.differences, changing=changing),
        findings=findings,
        creates_first=change.creates_first,
        deposed=change.deposed,
        folded=compared.folded,
        name=_name(change, masks),
    )


def _worst(findings: Sequence[Finding]) -> tuple[Risk, Level]:
    """Return the worst risk among the most serious findings, and how serious they are."""
    found = [(each.level, each.risk) for each in findings]
    for level in LEVELS:
        for risk in RISKS:
            if (level, risk) in found:
                return risk, level
    return "routine", "note"


def _name(change: Change, masks: Masks) -> str:
    values = change.after if change.action == "create" else change.before
    for name in NAMES:
        value = values.get(name)
        if isinstance(value, str) and value:
            return masks.hide(value)
    return ""


def _join_alike(changes: list[ReviewedChange]) -> Iterator[ReviewedChange]:
    """Say the same change of several objects once."""
    joined: dict[object, list[ReviewedChange]] = {}
    for each in changes:
        said = tuple((one.risk, one.level, one.sentence) for one in each.findings)
        key = (each.type, each.action, each.risk, each.level, each.differences, each.why, said,
               each.creates_first, each.deposed)  # fmt: skip
        joined.setdefault(key, []).append(each)
    for alike in joined.values():
        first = alike[0]
        yield replace(
            first,
            addresses=tuple(address for each in alike for address in each.addresses),
            findings=tuple(one for each in alike for one in each.findings),
            name=first.name if len(alike) == 1 else "",
        )


def _order(change: ReviewedChange) -> tuple[int, int, str]:
    return LEVELS.index(change.level), RISKS.index(change.risk), change.addresses[0]


def _output_changes(planned: PlannedStack, *, masks: Masks) -> Iterator[OutputChange]:
    values = as_mapping(as_mapping(planned.document.get("planned_values")).get("outputs"))
    for name, each in planned.outputs.items():
        change = as_mapping(each)
        actions = [str(action) for action in as_list(change.get("actions"))]
        action = action_of(actions, imported=False, moved=False)
        if action is None:
            continue
        marks = (change.get("before_sensitive"), change.get("after_sensitive"),
                 as_mapping(values.get(name)).get("sensitive"))  # fmt: skip
        hidden = True in marks
        before, after = change.get("before"), change.get("after")
        if change.get("after_unknown") is True:
            after = Unknown()
        yield OutputChange(
            name=name,
            action=action,
            before="(sensitive)" if hidden and before else show(before, masks=masks, name=name),
            after="(sensitive)" if hidden and after else show(after, masks=masks, name=name),
        )


def _unknown_share(planned: PlannedStack) -> Iterator[str]:
    """Yield a line if much of what is written for changing objects is not known yet.

    Everything in a first deployment refers to what is made in it, so that says nothing there.
    """
    written = unknown = 0
    for change in planned.changes:
        if change.action not in {"update", "replace"} or change.resource is None:
            continue
        for name in change.resource.expressions:
            written += 1
            unknown += any(find_unknowns(change.after.get(name)))
    if written and unknown / written > MUCH:
        share = round(100 * unknown / written)
        yield f"{share} % of what is written for what changes is not known until the deployment."
