"""Plans in the form of `terraform show -json`, written by hand."""

from collections.abc import Mapping
from typing import Any

from review.changes.assembling import StackInput, review_stacks
from review.changes.model import Review, ReviewedChange
from review.changes.prices import Prices

Block = dict[str, Any]


def change(  # what a change is made from
    address: str,
    *actions: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    unknown: Mapping[str, Any] | None = None,
    **more: object,
) -> Block:
    """Return a change; `more` has fields of the change, such as `replace_paths`."""
    type_, _, name = address.rpartition("]")[2].rpartition(".")
    type_ = type_.rpartition(".")[2] or address.split(".")[-2]
    outer = {key: more.pop(key) for key in ("previous_address", "deposed", "action_reason", "mode")
             if key in more}  # fmt: skip
    return {
        "address": address,
        "mode": "managed",
        "type": type_,
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        **outer,
        "change": {
            "actions": list(actions),
            "before": before,
            "after": after,
            "after_unknown": unknown or {},
            **more,
        },
    }


def plan(*changes: Block, **more: object) -> Block:
    """Return a plan with changes; `more` has other fields of a plan."""
    written: list[Block] = [
        {
            "address": each["address"],
            "mode": "managed",
            "type": each["type"],
            "name": each["name"],
            "expressions": {key: {} for key in _written(each)},
        }
        for each in changes
    ]
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": list(changes),
        "planned_values": {},
        "configuration": {"root_module": {"resources": written}},
        **more,
    }


def _written(planned: Block) -> list[str]:
    after: Block = planned["change"].get("after") or {}
    return list(after)


def review(*changes: Block, prices: Prices | None = None, **more: object) -> Review:
    """Return the review of a plan with changes."""
    return review_stacks(
        [StackInput(name="", document=plan(*changes, **more))], title="shop", prices=prices
    )


def only(found: Review) -> ReviewedChange:
    """Return the only change of a review."""
    (stack,) = found.stacks
    (one,) = stack.changes
    return one


def sentences(found: Review, risk: str) -> list[str]:
    """Return what a review says of a risk."""
    return [each.sentence for each in found.findings if each.risk == risk]
