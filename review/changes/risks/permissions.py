"""Policies that allow more than before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from review.changes import documents
from review.changes.knowledge.exposure import ADMINISTRATOR, GRANTS, POLICIES
from review.changes.model import Finding
from review.changes.reading import Change
from review.changes.risks.common import finding
from review.terraform.shapes import as_list, as_mapping, as_text, bodies, is_mapping
from review.terraform.values import Unknown

EVERYBODY = "*"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One thing that a statement allows."""

    principal: str
    action: str
    resource: str
    condition: str
    """The condition as a text to compare; empty without one."""

    def covers(self, other: "Grant") -> bool:
        """Return whether it allows all that another one allows."""
        return (
            self.condition in {"", other.condition}
            and (self.principal in {EVERYBODY, other.principal})
            and fnmatchcase(other.action.lower(), self.action.lower())
            and fnmatchcase(other.resource, self.resource)
        )

    @property
    def words(self) -> str:
        """What it allows, for a person."""
        who = "" if not self.principal else "everybody " if self.is_for_everybody else ""
        who = who or (f"{self.principal} " if self.principal else "")
        where = f" on {self.resource}" if self.resource else ""
        return f"{who}{self.action}{where}"

    @property
    def is_for_everybody(self) -> bool:
        """Whether it is for everybody, without a condition."""
        return self.principal == EVERYBODY and not self.condition


def find_permissions(change: Change) -> Iterator[Finding]:
    """Find what policies allow now, and did not before."""
    if change.action not in {"create", "update", "replace"}:
        return
    for name in POLICIES.get(change.type, ()):
        yield from _judge_policy(change, name)
    if change.type == "aws_iam_role":
        for body in bodies(change.after.get("inline_policy")):
            after = list(_grants(body.get("policy")))
            before = [
                grant
                for old in bodies(change.before.get("inline_policy"))
                for grant in _grants(old.get("policy"))
            ]
            yield from _judge_grants(change, before, after)
    if change.type in GRANTS:
        named = as_text(change.after.get("policy_arn")).rpartition("/")[2]
        if named in ADMINISTRATOR:
            sentence = f"It gives {named}, which is nearly everything."
            yield finding(change, risk="exposure", level="danger", sentence=sentence)
    if change.type == "aws_lambda_permission" and change.after.get("principal") == EVERYBODY:
        sentence = "Everybody may invoke the function."
        yield finding(change, risk="exposure", level="danger", sentence=sentence)


def _judge_policy(change: Change, name: str) -> Iterator[Finding]:
    after = change.after.get(name)
    if isinstance(after, Unknown):
        if change.action == "update":
            sentence = f"{name} is not known until the deployment; it may allow more."
            yield finding(change, risk="exposure", level="care", sentence=sentence)
        return
    yield from _judge_grants(change, list(_grants(change.before.get(name))), list(_grants(after)))


def _judge_grants(change: Change, before: list[Grant], after: list[Grant]) -> Iterator[Finding]:
    new = [each for each in after if not any(old.covers(each) for old in before)]
    if change.type == "aws_vpc_endpoint":
        # The policy of an endpoint narrows what is allowed elsewhere.
        return
    worst = [each for each in new if _is_dangerous(change, each)]
    if worst:
        yield finding(
            change, risk="exposure", level="danger", sentence=f"It allows {worst[0].words}."
        )
    elif new and change.action != "create":
        listed = list(dict.fromkeys(each.words for each in new))
        more = f" and {len(listed) - 3} more" if len(listed) > 3 else ""  # noqa: PLR2004  # a line
        sentence = f"It allows more than before: {'; '.join(listed[:3])}{more}."
        yield finding(change, risk="exposure", level="care", sentence=sentence)


def _is_dangerous(change: Change, grant: Grant) -> bool:
    if grant.principal:
        # Who is named in a key's policy is somebody of the account.
        return grant.is_for_everybody
    everything = grant.action in {"*", "*:*"} and grant.resource == "*"
    return everything and change.type != "aws_kms_key"


def _grants(policy: object) -> Iterator[Grant]:
    """Yield what a policy allows; parts that are not known stand in it as their expression."""
    document = documents.parse(policy)
    for body in bodies(documents.statements(document)):
        if body.get("Effect") != "Allow":
            continue
        condition = as_mapping(body.get("Condition"))
        for principal in _principals(body):
            for action in as_list(body.get("Action")) or [f"not {body.get('NotAction')}"]:
                for resource in as_list(body.get("Resource")) or [""]:
                    yield Grant(
                        principal=principal,
                        action=str(action),
                        resource=str(resource),
                        condition=str(documents.normalise(condition)) if condition else "",
                    )


def _principals(body: Mapping[str, Any]) -> Iterator[str]:
    written = body.get("Principal")
    if written is None:
        yield ""
    elif is_mapping(written):
        for each in written.values():
            for principal in as_list(each):
                yield str(principal)
    else:
        yield str(written)
