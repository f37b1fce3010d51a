"""Values of a configuration, as far as they are known before anything is deployed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from review.terraform.shapes import is_list, is_mapping

Step = str | int


@dataclass(frozen=True)
class Reference:
    """What an expression reads: `aws_vpc.main` and `("id",)`."""

    address: str
    """The address of a resource or a data source, or `local.x`, `var.x`, `module.x`, `each.key`."""

    path: tuple[Step, ...] = ()
    """The attributes and indexes behind it."""

    @property
    def attribute(self) -> str:
        """The first attribute that is read; empty for the whole resource."""
        return next((step for step in self.path if isinstance(step, str) and step != "*"), "")

    def without_index(self) -> "Reference":
        """Return the reference without the index that chooses an instance."""
        return Reference(self.address, self.path[1:])


@dataclass(frozen=True)
class Unknown:
    """A value that is not known yet."""

    text: str = ""
    """The expression, with its known parts filled in; empty in a plan."""

    references: tuple[Reference, ...] = ()
    """What it is made from."""

    is_computed: bool = False
    """Whether nothing is written for it, so that AWS or the provider chooses it."""


@dataclass(frozen=True)
class UnknownJson(Unknown):
    """A JSON text with parts that are not known yet."""

    content: Any = field(default=None, hash=False)
    """What it encodes, with `Unknown` in the places of those parts."""


def find_unknowns(value: object) -> Iterator[Unknown]:
    """Yield every unknown value within a value."""
    if isinstance(value, Unknown):
        yield value
    elif is_mapping(value):
        for each in value.values():
            yield from find_unknowns(each)
    elif is_list(value):
        for each in value:
            yield from find_unknowns(each)
