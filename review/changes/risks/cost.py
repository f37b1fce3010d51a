"""What is new or gone of what is billed by time or by capacity."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from review.changes.knowledge.costs import CAPACITIES, CHARGES, HOURS, Charge
from review.changes.model import Difference, Finding
from review.changes.prices import Prices
from review.changes.reading import Change
from review.changes.risks.common import finding, number, value_at
from review.terraform.shapes import is_list


def find_cost(
    change: Change, differences: tuple[Difference, ...], *, prices: Prices
) -> Iterator[Finding]:
    """Find what a change adds to a bill, or takes from it. A replacement changes nothing."""
    charge = CHARGES.get(change.type)
    if change.deposed:
        return
    if charge and change.action == "create" and _is_billed(charge, change.after):
        yield _priced(change, charge, change.after, sign=1, verb="New", prices=prices)
    elif charge and change.action == "delete" and _is_billed(charge, change.before):
        yield _priced(change, charge, change.before, sign=-1, verb="Gone", prices=prices)
    elif change.action in {"update", "replace"}:
        yield from _judge_capacity(change, differences)


def _is_billed(charge: Charge, values: Mapping[str, Any]) -> bool:
    return all(value_at(values, (name,)) == wanted for name, wanted in charge.only)


def _priced(  # what a charge is made from
    change: Change,
    charge: Charge,
    values: Mapping[str, Any],
    *,
    sign: int,
    verb: str,
    prices: Prices,
) -> Finding:
    count = _count(values.get(charge.times)) if charge.times else 1
    sentence = f"{verb}: billed {charge.unit}"
    sentence += f", {count:g} times." if count not in {None, 1} else "."
    price = prices.amounts.get(change.type)
    monthly = None
    if price is not None and count is not None:
        monthly = sign * count * price * (HOURS if charge.per == "hour" else 1)
    found = finding(change, risk="cost", level="note", sentence=sentence)
    return replace(found, unit=charge.unit, monthly=monthly)


def _count(value: object) -> float | None:
    return float(len(value)) if is_list(value) else number(value)


def _judge_capacity(change: Change, differences: tuple[Difference, ...]) -> Iterator[Finding]:
    paths = {path[0] for path in CAPACITIES.get(change.type, ())}
    for each in differences:
        if each.path.partition(".")[0].partition("[")[0] in paths:
            yield finding(
                change,
                risk="cost",
                level="note",
                sentence=f"{each.path} changes what is billed: from {each.before or 'none'} to "
                f"{each.after or 'none'}.",
            )
