"""The list of all rules, as a document in Markdown."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from review.errors import ReviewError
from review.guardrails.rule import Rule, rules_of
from review.terraform.shapes import as_mapping, is_mapping

INTRODUCTION = Path(__file__).parent / "introduction.md"


def read_record(path: Path) -> Mapping[str, Any]:
    """Return what was measured about each rule's bad example.

    Raises:
        ReviewError: The file cannot be read.
    """
    try:
        record: object = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        message = f"{path} cannot be read as JSON: {error}"
        raise ReviewError(message) from error
    if not is_mapping(record):
        message = f"{path} holds no JSON object."
        raise ReviewError(message)
    return record


def render_index(subjects: Sequence[ModuleType], *, record: Mapping[str, Any]) -> str:
    """Return the document.

    Args:
        subjects: The modules with the rules of each subject.
        record: For each rule whether Terraform accepts its bad example (`validate`, `plan`), and
            whether the rule finds the mistake in its plan (`seen_on_plan`), and whether this
            platform has what it is about (`on_platform`).

    Raises:
        ReviewError: The record lacks a rule.
    """
    return "\n".join(_lines(subjects, record))


def _lines(subjects: Sequence[ModuleType], record: Mapping[str, Any]) -> Iterator[str]:
    rules = [rule for subject in subjects for rule in rules_of(vars(subject))]
    missing = [rule.id for rule in rules if rule.id not in record]
    if missing:
        message = f"Nothing is recorded about {', '.join(missing)}: run `make guardrails`."
        raise ReviewError(message)
    yield INTRODUCTION.read_text()
    planned = sum(record[rule.id]["plan"] is True for rule in rules)
    met = sum(record[rule.id].get("on_platform") is True for rule in rules)
    refused = sum(bool(rule.refused_locally) for rule in rules)
    yield (
        f"There are {len(rules)} rules. `terraform plan` accepts the bad examples of {planned} of "
        f"them. The embedded AWS refuses those of {refused}. This platform has "
        f"resources that {met} of them are about; the examples exercise the others."
    )
    for subject in subjects:
        if found := rules_of(vars(subject)):
            name = subject.__name__.rpartition(".")[2]
            yield ""
            yield f"### {name}"
            yield ""
            yield (subject.__doc__ or "").partition("\n")[0]
            yield ""
            yield _row("rule", "what holds", "severity", "what AWS does otherwise", *_MEASURED)
            yield "|---" * 8 + "|"
            for rule in found:
                yield _describe(rule, as_mapping(record[rule.id]))
    yield ""


_MEASURED = ("plan accepts", "seen in", "refused locally", "source")


def _describe(rule: Rule, measured: Mapping[str, Any]) -> str:
    if not measured.get("plan"):
        seen = "configuration"
    else:
        seen = "configuration, plan" if measured.get("seen_on_plan") else "configuration only"
    file, _, test = rule.refused_locally.partition("::")
    return _row(
        f"`{rule.id}`",
        rule.title,
        rule.severity,
        rule.aws,
        "yes" if measured.get("plan") else "no",
        seen,
        f"[{test or file}](../{file})" if file else "",
        f"[source]({rule.source})",
    )


def _row(*cells: str) -> str:
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"
