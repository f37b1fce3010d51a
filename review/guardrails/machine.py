"""Reports for programs: JSON, and SARIF for code scanning.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) 2.1.0.
"""

import json
from collections.abc import Iterable
from typing import Any

from review.guardrails.guard import Finding, Report
from review.guardrails.rule import Rule


def render_json(report: Report) -> str:
    """Return the report as one JSON object."""
    document = {
        "rules": report.rules,
        "resources": report.resources,
        "findings": [_finding(each) for each in report.findings],
        "held": dict(sorted(report.held.items())),
        "not_evaluated": [
            {"rule": each.rule.id, "address": each.resource.full_address, "reason": each.reason}
            for each in report.not_evaluated
        ],
        "waivers_without_effect": [
            {"rule": each.rule, "address": each.address, "expires": each.expires.isoformat()}
            for each in report.idle_waivers
        ],
    }
    return json.dumps(document, indent=2)


def _finding(finding: Finding) -> dict[str, Any]:
    rule, waiver = finding.rule, finding.waiver
    return {
        "rule": rule.id,
        "severity": rule.severity,
        "address": finding.resource.full_address,
        "message": finding.message,
        "title": rule.title,
        "aws": rule.aws,
        "fix": rule.fix,
        "source": rule.source,
        "accepted": waiver and {"reason": waiver.reason, "expires": waiver.expires.isoformat()},
    }


def render_sarif(report: Report, *, rules: Iterable[Rule]) -> str:
    """Return the report as SARIF; accepted findings are suppressed results."""
    run = {
        "tool": {"driver": {"name": "guardrails", "rules": [_described(each) for each in rules]}},
        "results": [_result(each) for each in report.findings],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2)


def _described(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.aws},
        "help": {"text": rule.fix},
        "helpUri": rule.source,
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: Finding) -> dict[str, Any]:
    stack, address = finding.resource.stack, finding.resource.address
    result: dict[str, Any] = {
        "ruleId": finding.rule.id,
        "level": finding.rule.severity,
        "message": {"text": f"{finding.message} {finding.rule.aws} {finding.rule.fix}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": f"stacks/{stack}/cdk.tf.json" if stack else "."}
                },
                "logicalLocations": [{"fullyQualifiedName": address, "kind": "resource"}],
            }
        ],
    }
    if finding.waiver:
        result["suppressions"] = [{"kind": "external", "justification": finding.waiver.reason}]
    return result
