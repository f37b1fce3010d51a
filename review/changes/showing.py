"""Shows values to a person, without secrets."""

import json

from review.changes.masking import Masks
from review.terraform.shapes import is_mapping
from review.terraform.values import Unknown

LATER = "(known after the deployment)"
LONGEST = 4_000
"""How many characters of a value are shown."""


def show(value: object, *, masks: Masks, name: str) -> str | None:
    """Return a value in words or JSON; nothing if there is none.

    Args:
        value: Any JSON, with `Unknown` in it.
        masks: The secrets.
        name: The attribute, by whose name a secret is known too.
    """
    if value is None or value == []:
        return None
    if isinstance(value, Unknown):
        return LATER
    masked: object = masks.hide_all(value, name)
    if isinstance(masked, str):
        text = masked
    else:
        indent = 2 if is_mapping(masked) else None
        text = json.dumps(masked, indent=indent, default=_later, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text):,} characters)"


def _later(value: object) -> str:
    return LATER if isinstance(value, Unknown) else str(value)
