"""Applies every rule to files and folders."""

from collections.abc import Sequence
from pathlib import Path

from review.guardrails.guard import Report, guard
from review.guardrails.rules import RULES
from review.terraform import read_inputs


def guard_paths(paths: Sequence[Path], *, waivers: Path | None) -> Report:
    """Apply every rule to what the paths hold.

    Args:
        paths: Folders and files, as `read_inputs` takes them.
        waivers: The file with accepted findings.

    Raises:
        ReviewError: An input cannot be read.
    """
    accepted = ()
    if waivers:
        # It needs the YAML library, which takes longer to load than all rules.
        from review.guardrails.waivers import read_waivers

        accepted = read_waivers(waivers, rules=frozenset(each.id for each in RULES))
    return guard(read_inputs(paths), rules=RULES, waivers=accepted)
