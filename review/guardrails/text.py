"""A report for a person to read."""

from collections.abc import Iterator

from review.guardrails.guard import Finding, Report


def render(report: Report) -> str:
    """Return the report as text: what to fix, what is accepted, what is not visible, a summary."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    for severity in ("error", "warning"):
        for finding in report.open(severity):
            yield from _describe(finding)
    for finding in report.accepted:
        waiver = finding.waiver
        if waiver:
            yield (
                f"accepted  {finding.rule.id}  {finding.resource.full_address}\n"
                f"  {finding.message} Accepted until {waiver.expires}: {waiver.reason}"
            )
    for waiver in report.idle_waivers:
        yield (
            f"waiver without effect  {waiver.rule}  {waiver.address}\n"
            f"  It expired on {waiver.expires}, or nothing breaks the rule there. Remove it."
        )
    if report.not_evaluated:
        yield "Not evaluable on this input:"
        reasons: dict[str, list[str]] = {}
        for each in report.not_evaluated:
            reasons.setdefault(each.rule.id, []).append(each.reason)
        for rule, told in reasons.items():
            more = f", and {len(told) - 1} more" if len(told) > 1 else ""
            yield f"  {rule}: {told[0]}{more}"
    yield summary(report)


def _describe(finding: Finding) -> Iterator[str]:
    rule = finding.rule
    yield f"{rule.severity}  {rule.id}  {finding.resource.full_address}"
    yield f"  {finding.message} {rule.title}."
    yield f"  AWS: {rule.aws}"
    yield f"  Fix: {rule.fix}"
    yield f"  {rule.source}"


def summary(report: Report) -> str:
    """Return one line with the numbers."""
    return (
        f"{report.rules} rules on {report.resources} resources: "
        f"{len(report.open('error'))} errors, {len(report.open('warning'))} warnings, "
        f"{len(report.accepted)} accepted, {sum(report.held.values())} hold, "
        f"{len(report.not_evaluated)} not evaluable."
    )
