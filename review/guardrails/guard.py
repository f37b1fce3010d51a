"""Applies rules to a configuration: each holds, is broken, or cannot be evaluated."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from review.guardrails.rule import Rule
from review.guardrails.waivers import Waiver
from review.terraform import Configuration, NotEvaluableError, Resource


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A rule that a resource breaks."""

    rule: Rule
    resource: Resource
    message: str
    """What is wrong here."""

    waiver: Waiver | None = None
    """The waiver that accepts it."""


@dataclass(frozen=True, kw_only=True)
class NotEvaluated:
    """A rule that cannot be evaluated for a resource on this input."""

    rule: Rule
    resource: Resource
    reason: str


@dataclass(kw_only=True)
class Report:
    """The answers of all rules."""

    rules: int
    resources: int
    held: Counter[str] = field(default_factory=Counter[str])
    """For each rule's id, how many resources it holds for."""

    findings: list[Finding] = field(default_factory=list[Finding])
    not_evaluated: list[NotEvaluated] = field(default_factory=list[NotEvaluated])
    idle_waivers: list[Waiver] = field(default_factory=list[Waiver])
    """Waivers that accept nothing, or have expired."""

    def open(self, severity: str) -> list[Finding]:
        """Return the findings of a severity that nobody has accepted."""
        return [
            each for each in self.findings if each.waiver is None and each.rule.severity == severity
        ]

    @property
    def accepted(self) -> list[Finding]:
        """The findings that a waiver accepts."""
        return [each for each in self.findings if each.waiver]


def guard(
    configuration: Configuration, *, rules: Iterable[Rule], waivers: Iterable[Waiver] = ()
) -> Report:
    """Apply rules to every resource that they are about."""
    rules, waivers = tuple(rules), tuple(waivers)
    report = Report(rules=len(rules), resources=len(configuration.resources))
    used: set[Waiver] = set()
    for rule in rules:
        for resource in configuration.of(*rule.of):
            for finding in _apply(rule, resource, configuration, report):
                waiver = next(
                    (each for each in waivers if each.accepts(rule.id, resource.full_address)), None
                )
                if waiver:
                    used.add(waiver)
                report.findings.append(
                    Finding(rule=rule, resource=resource, message=finding, waiver=waiver)
                )
    report.idle_waivers = [each for each in waivers if each not in used]
    return report


def _apply(
    rule: Rule, resource: Resource, configuration: Configuration, report: Report
) -> list[str]:
    found: list[str] = []
    try:
        if not rule.applies(resource, configuration):
            return []
        # One by one, so that what was found before a value is missing counts.
        for message in rule.check(resource, configuration):
            found.append(message)  # noqa: PERF402  # see above
    except (NotEvaluableError, RecursionError) as error:
        why = str(error)
        if isinstance(error, RecursionError):
            why = f"{resource.place}: it is nested too deep"
        report.not_evaluated.append(NotEvaluated(rule=rule, resource=resource, reason=why))
        return found
    if not found:
        report.held[rule.id] += 1
    return found
