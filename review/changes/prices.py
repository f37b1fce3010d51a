"""Prices that the user supplies. Nothing here knows any: they differ by region and change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from review.changes.knowledge.costs import CHARGES
from review.errors import ReviewError
from review.terraform.shapes import as_mapping, is_mapping
from review.yaml_files import load_yaml


@dataclass(frozen=True, kw_only=True)
class Prices:
    """A price table."""

    currency: str = ""
    amounts: Mapping[str, float] = field(default_factory=dict[str, float])
    """For each type of resource, the price of one hour or month, as its charge counts."""


def read_prices(file: Path) -> Prices:
    """Read a price table: `currency`, and `prices` by type of resource.

    Raises:
        ReviewError: It cannot be read, or names a type that is not billed by time.
    """
    content = load_yaml(file)
    amounts: dict[str, float] = {}
    given: object = content.get("prices") if is_mapping(content) else None
    if not is_mapping(given):
        message = f"{file}: it needs a mapping `prices`, from types of resources to amounts."
        raise ReviewError(message)
    for type_, amount in given.items():
        if type_ not in CHARGES:
            message = f"{file}, prices.{type_}: nothing here is billed for it by time or capacity."
            raise ReviewError(message)
        if isinstance(amount, bool) or not isinstance(amount, int | float) or amount < 0:
            message = f"{file}, prices.{type_}: {amount!r} is no amount."
            raise ReviewError(message)
        amounts[type_] = float(amount)
    return Prices(currency=str(as_mapping(content).get("currency") or ""), amounts=amounts)
