"""`python -m tests.review.measure`: records what Terraform says about the bad examples.

It writes `accepted.json` anew: for each rule whether `terraform validate` and `terraform plan`
accept its bad example, whether the rule sees the mistake in the plan or only in a configuration,
and whether this platform has a resource that the rule is about.
"""

import json
import tempfile
from collections.abc import Container, Mapping
from pathlib import Path

from review.guardrails.guard import Report, guard
from review.guardrails.rules import RULES
from review.terraform.inputs import read_documents
from tests.review.fixtures import read_fixtures
from tests.review.platform import exercised_anywhere
from tests.review.terraform_fixtures import Verdict, measure

RECORD = Path(__file__).parent / "accepted.json"


def guard_plan(verdict: Verdict) -> Report | None:
    """Return what all rules say about the plan of an example; nothing if there is none."""
    if verdict.document is None:
        return None
    return guard(read_documents([("", verdict.document)]), rules=RULES)


def summarise(
    verdicts: Mapping[tuple[str, str], Verdict], *, on_platform: Container[str]
) -> dict[str, dict[str, bool]]:
    """Return what is recorded about each rule."""
    return {
        rule: {
            "validate": verdict.accepts("validate"),
            "plan": verdict.accepts("plan"),
            "seen_on_plan": rule in _found(guard_plan(verdict)),
            "on_platform": rule in on_platform,
        }
        for (rule, kind), verdict in sorted(verdicts.items())
        if kind == "bad"
    }


def _found(report: Report | None) -> set[str]:
    return {each.rule.id for each in report.findings} if report else set()


def main() -> None:
    """Measure and record."""
    with tempfile.TemporaryDirectory() as folder:
        on_platform = exercised_anywhere(folder=Path(folder, "platform"))
        examples = Path(folder, "examples")
        examples.mkdir()
        verdicts = measure(read_fixtures(), folder=examples)
    record = summarise(verdicts, on_platform=on_platform)
    RECORD.write_text(json.dumps(record, indent=2) + "\n")
    print(f"{RECORD} has {len(verdicts) // 2} rules.")


if __name__ == "__main__":
    main()
