"""A good and a bad configuration for each rule, in plain Terraform JSON.

`fixtures/SUBJECT/RULE.json` has the two: `{"good": {...}, "bad": {...}}`, each with the blocks of a
configuration, such as `resource`. Sentences about a fixture stand in `comment`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "fixtures"


@dataclass(frozen=True, kw_only=True)
class Fixture:
    """The fixture of one rule."""

    rule: str
    subject: str
    good: dict[str, Any]
    bad: dict[str, Any]


def read_fixtures() -> dict[str, Fixture]:
    """Return the fixture of each rule, by its id."""
    found: dict[str, Fixture] = {}
    for file in sorted(FOLDER.glob("*/*.json")):
        content = json.loads(file.read_text())
        found[file.stem] = Fixture(
            rule=file.stem,
            subject=file.parent.name,
            good=content["good"],
            bad=content["bad"],
        )
    return found
