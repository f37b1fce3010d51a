"""Applies every rule to files and folders."""

from collections.abc import Sequence
from pathlib import Path

from review.guardrails.guard import Report, guard
from review.guardrails.rules import RULES
from review.guardrails.waivers import read_waivers
from review.terraform import read_inputs


def guard_paths(paths: Sequence[Path], *, waivers: Path | None) -> Report:
    """Apply every rule to what the paths hold.

    Args:
        paths: Folders and files, as `read_inputs` takes them.
        waivers: The file with accepted findings.

    Raises:
        ReviewError: An input cannot be read.
    """
    accepted = read_waivers(waivers, rules=frozenset(each.id for each in RULES)) if waivers else ()
    return guard(read_inputs(paths), rules=RULES, waivers=accepted)
