"""Finds every risk of a change."""

from collections.abc import Iterator

from review.changes.knowledge.data import STORES
from review.changes.model import Difference, Finding
from review.changes.prices import Prices
from review.changes.reading import Change
from review.changes.risks.common import finding
from review.changes.risks.cost import find_cost
from review.changes.risks.data_loss import find_data_loss
from review.changes.risks.exposure import find_exposure
from review.changes.risks.outage import find_outage


def find_risks(
    change: Change, differences: tuple[Difference, ...], *, prices: Prices
) -> Iterator[Finding]:
    """Yield the risks of a change.

    Args:
        change: The change.
        differences: How the object differs.
        prices: The prices that the user supplies.
    """
    yield from find_data_loss(change)
    yield from find_outage(change, differences)
    yield from find_exposure(change)
    yield from find_cost(change, differences, prices=prices)
    yield from _find_forgotten(change)


def _find_forgotten(change: Change) -> Iterator[Finding]:
    """Find objects that stay in AWS without Terraform, and old ones that wait for their end."""
    if change.action == "forget":
        held = STORES.get(change.type)
        sentence = "It stays in AWS, and Terraform manages it no more"
        sentence += f"; it holds {held.holds}." if held else "."
        yield finding(change, risk="forgotten", level="care", sentence=sentence)
    elif change.deposed:
        sentence = "An earlier replacement left this old object behind; it goes now."
        yield finding(change, risk="forgotten", level="note", sentence=sentence)
