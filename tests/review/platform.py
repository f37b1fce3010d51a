"""The guardrails' answers about this platform."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modules.settings.loading import ENVIRONMENTS
from review.guardrails.guard import Report, guard
from review.guardrails.rules import RULES
from review.terraform.inputs import read_documents
from tests.synthesis import synthesise


def guard_platform(documents: Mapping[str, dict[str, Any]]) -> Report:
    """Apply every rule to the stacks of an environment."""
    return guard(read_documents(documents.items()), rules=RULES)


def exercised(report: Report) -> set[str]:
    """Return the rules that met a resource which they say something about."""
    answered = {each.rule.id for each in (*report.findings, *report.not_evaluated)}
    return answered | {rule for rule, count in report.held.items() if count}


def exercised_anywhere(*, folder: Path) -> set[str]:
    """Return the rules that any environment of the platform exercises."""
    return {
        rule
        for file in sorted(ENVIRONMENTS.glob("*.yaml"))
        for rule in exercised(
            guard_platform(synthesise(file.stem, folder=folder / file.stem).documents())
        )
    }
