"""Reads what a plan changes: `terraform show -json`.

Source: Terraform documentation, JSON Output Format.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from review.changes.model import Action
from review.errors import ReviewError
from review.terraform.blocks import Resource
from review.terraform.plan import KNOWN_MAJORS, is_plan, merge_unknowns, read_plan
from review.terraform.shapes import as_list, as_mapping, as_text

KNOWN_ACTIONS = frozenset({"no-op", "create", "read", "update", "delete", "forget"})
"""Terraform combines these, such as `["delete", "create"]`. Others are new."""

LOSING_VERSIONS = {
    "1.16.0": "it loses destroys of resources that are replaced beside one that is created first "
    "(terraform#39076)"
}
"""Versions of Terraform whose plans cannot be trusted, and why."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A planned change of one object."""

    stack: str
    address: str
    type: str
    provider: str
    """The provider's source, such as `registry.terraform.io/hashicorp/aws`."""

    action: Action
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    """What is planned, with `Unknown` for what is not known yet."""

    sensitive_before: object = None
    sensitive_after: object = None
    """Masks in the shape of the values, true where a value is sensitive."""

    creates_first: bool = False
    deposed: bool = False
    reason: str = ""
    """Terraform's word for why."""

    replace_paths: tuple[tuple[str | int, ...], ...] = ()
    """The attributes that force a replacement."""

    previous_address: str = ""
    imported: bool = False
    resource: Resource | None = None
    """The resource with its references; nothing for what goes."""

    @cached_property
    def changed(self) -> Mapping[str, None]:
        """The names of the attributes that differ, in order."""
        names = dict.fromkeys((*self.before, *self.after))
        return {name: None for name in names if self.before.get(name) != self.after.get(name)}

    @property
    def existed(self) -> bool:
        """Whether the object exists before."""
        return bool(self.before)


@dataclass(kw_only=True)
class PlannedStack:
    """What a plan says of one stack."""

    name: str
    terraform: str
    changes: list[Change] = field(default_factory=list[Change])
    drift: list[Change] = field(default_factory=list[Change])
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The changes of outputs, as the plan has them."""

    unchanged: int = 0
    trust: list[str] = field(default_factory=list[str])
    blind: list[str] = field(default_factory=list[str])
    document: Mapping[str, Any] = field(default_factory=dict[str, Any])


def read_changes(document: Mapping[str, Any], *, name: str) -> PlannedStack:
    """Return what a plan changes.

    Raises:
        ReviewError: The document is no plan.
    """
    if not is_plan(document):
        message = f"{name or 'The document'} is no plan; print one with `terraform show -json`."
        raise ReviewError(message)
    version = as_text(document.get("format_version"))
    stack = PlannedStack(
        name=name, terraform=as_text(document.get("terraform_version")), document=document
    )
    if version.partition(".")[0] not in KNOWN_MAJORS:
        stack.blind.append(f"The plan has the format {version or '?'}; 1 is the newest known.")
        return stack
    if stack.terraform in LOSING_VERSIONS:
        why = LOSING_VERSIONS[stack.terraform]
        stack.blind.append(
            f"Terraform {stack.terraform} made the plan, and {why}: use another one."
        )
    resources = {each.address: each for each in read_plan(document, name=name).resources}
    for change in _read_all(document.get("resource_changes"), name=name, resources=resources):
        if change is None:
            stack.unchanged += 1
        else:
            stack.changes.append(change)
    drift = _read_all(document.get("resource_drift"), name=name, resources=resources, drifted=True)
    stack.drift = [each for each in drift if each]
    stack.outputs = as_mapping(document.get("output_changes"))
    stack.trust += _distrust(document)
    stack.blind += _left_out(document)
    stack.blind += [
        f"{change.address} has the actions {change.reason}, which are not known here."
        for change in stack.changes
        if change.action == "unknown"
    ]
    return stack


def _read_all(
    changes: object, *, name: str, resources: Mapping[str, Resource], drifted: bool = False
) -> Iterator[Change | None]:
    """Yield each change, and nothing in the place of an object that stays as it is.

    Args:
        changes: What the plan lists.
        name: The stack's name.
        resources: The resources as the plan leaves them, by address.
        drifted: Whether the changes happened outside Terraform.
    """
    for each in as_list(changes):
        body = as_mapping(each)
        if as_text(body.get("mode")) == "data" or not as_text(body.get("address")):
            continue
        yield _read_change(body, name=name, resources=resources, drifted=drifted)


def _read_change(
    body: Mapping[str, Any], *, name: str, resources: Mapping[str, Resource], drifted: bool
) -> Change | None:
    planned = as_mapping(body.get("change"))
    listed = [str(each) for each in as_list(planned.get("actions"))]
    imported = bool(planned.get("importing"))
    previous = as_text(body.get("previous_address"))
    action = action_of(listed, imported=imported, moved=bool(previous))
    if action is None:
        return None
    address = as_text(body.get("address"))
    deposed = bool(body.get("deposed"))
    resource = None if deposed else resources.get(address)
    values: object = (
        resource.raw
        if resource and not drifted
        else merge_unknowns(planned.get("after"), planned.get("after_unknown"), None)
    )
    return Change(
        stack=name,
        address=address,
        type=as_text(body.get("type")),
        provider=as_text(body.get("provider_name")),
        action=action,
        before=as_mapping(planned.get("before")),
        after=as_mapping(values),
        sensitive_before=planned.get("before_sensitive"),
        sensitive_after=planned.get("after_sensitive"),
        creates_first="delete" in listed
        and "create" in listed
        and listed.index("create") < listed.index("delete"),
        deposed=deposed,
        reason=", ".join(listed) if action == "unknown" else as_text(body.get("action_reason")),
        replace_paths=tuple(
            tuple(step for step in as_list(path) if isinstance(step, str | int))
            for path in as_list(planned.get("replace_paths"))
        ),
        previous_address=previous,
        imported=imported,
        resource=resource,
    )


def action_of(listed: list[str], *, imported: bool, moved: bool) -> Action | None:
    """Return what a list of Terraform's actions does; nothing if the object stays as it is.

    Only membership counts: Terraform has had new pairs and new orders.
    """
    actions = set(listed)
    if not actions or actions - KNOWN_ACTIONS:
        return "unknown"
    if "create" in actions and actions & {"delete", "forget"}:
        return "replace"
    for action in ("create", "delete", "forget", "update"):
        if action in actions:
            return action
    if imported:
        return "import"
    return "move" if moved else None


def _distrust(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield why a plan deserves less trust."""
    if document.get("complete") is False and not document.get("errored"):
        yield "The plan is not complete: -target, -exclude or deferred changes leave something out."
    yield from _failed_checks(document)


def _left_out(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a plan does not show."""
    if document.get("errored"):
        yield "Terraform ended with an error while planning: what comes after it is not shown."
    for name in ("action_invocations", "deferred_action_invocations"):
        if invoked := as_list(document.get(name)):
            addresses = [as_text(as_mapping(each).get("address")) for each in invoked]
            yield f"It runs actions, whose effects no plan shows: {', '.join(addresses)}."
    if deferred := as_list(document.get("deferred_changes")):
        addresses = [
            as_text(as_mapping(as_mapping(each).get("resource_change")).get("address"))
            for each in deferred
        ]
        yield f"{len(addresses)} changes are deferred to a later plan: {', '.join(addresses)}."


def _failed_checks(document: Mapping[str, Any]) -> Iterator[str]:
    for each in as_list(document.get("checks")):
        check = as_mapping(each)
        status = as_text(check.get("status"))
        address = as_text(as_mapping(check.get("address")).get("to_display"))
        if status == "unknown":
            yield f"The check {address} cannot be evaluated before the deployment."
        elif status in {"fail", "error"}:
            messages = [
                as_text(as_mapping(problem).get("message"))
                for instance in as_list(check.get("instances"))
                for problem in as_list(as_mapping(instance).get("problems"))
            ]
            said = re.sub(r"\s+", " ", " ".join(messages)).strip()
            yield f"The check {address} fails: {said or status}"
