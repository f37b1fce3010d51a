"""Reads policies: JSON texts, and the documents of the data source `aws_iam_policy_document`.

Source: IAM User Guide, JSON policy element reference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from review.terraform.blocks import Block, NotEvaluableError
from review.terraform.configuration import Configuration
from review.terraform.shapes import as_list, as_mapping, bodies
from review.terraform.values import Unknown


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement. A text that is not known yet stays in it as `Unknown`."""

    allows: bool
    """Whether its effect is Allow."""

    actions: tuple[object, ...]
    excluded_actions: tuple[object, ...]
    """Its NotAction."""

    resources: tuple[object, ...]
    excluded_resources: tuple[object, ...]
    """Its NotResource."""

    principals: Mapping[str, tuple[object, ...]]
    """By kind: `Service`, `AWS`, `Federated`, or `*` for everybody."""

    conditions: Mapping[str, Any]
    """Its Condition: maps of keys to values, by operator."""

    def covers(self, action: str) -> bool:
        """Return whether an action such as `ecr:BatchGetImage` is among its actions."""
        wanted = action.lower()
        named = any(_matches(each, wanted) for each in self.actions)
        spared = bool(self.excluded_actions) and not any(
            _matches(each, wanted) for each in self.excluded_actions
        )
        return named or spared

    def admits(self, service: str) -> bool:
        """Return whether a service such as `lambda.amazonaws.com` is among its principals."""
        return "*" in self.principals or any(
            each in (service, "*") for each in self.principals.get("Service", ())
        )


def _matches(pattern: object, action: str) -> bool:
    return isinstance(pattern, str) and fnmatchcase(action, pattern.lower())


def read_statements(block: Block, name: str, everything: Configuration) -> list[Statement]:
    """Return the statements of a policy.

    Args:
        block: The resource or block with the policy.
        name: The argument that holds it.
        everything: The configuration, in which data sources are looked up.

    Raises:
        NotEvaluableError: The policy is not known yet.
    """
    for link in everything.links(block, name):
        source = link.resource
        if source.type == "aws_iam_policy_document" and link.attribute in {"json", "minified_json"}:
            return _from_source(source)
    document = block.document(name)
    if document is None:
        return []
    written = as_mapping(document).get("Statement")
    if isinstance(written, Unknown):
        raise NotEvaluableError(block.place, f"the statements of {name} are not known yet")
    return [_from_json(each) for each in bodies(written)]


def _from_json(body: Mapping[str, Any]) -> Statement:
    principals = body.get("Principal")
    by_kind = {"*": ("*",)} if principals == "*" else as_mapping(principals)
    return Statement(
        allows=body.get("Effect") == "Allow",
        actions=tuple(as_list(body.get("Action"))),
        excluded_actions=tuple(as_list(body.get("NotAction"))),
        resources=tuple(as_list(body.get("Resource"))),
        excluded_resources=tuple(as_list(body.get("NotResource"))),
        principals={kind: tuple(as_list(each)) for kind, each in by_kind.items()},
        conditions=as_mapping(body.get("Condition")),
    )


def _from_source(source: Block) -> list[Statement]:
    if source.is_set("source_policy_documents") or source.is_set("override_policy_documents"):
        raise NotEvaluableError(source.place, "it is made from other documents")
    return [_from_block(each) for each in source.blocks("statement")]


def _from_block(block: Block) -> Statement:
    conditions: dict[str, dict[str, Any]] = {}
    for each in block.blocks("condition"):
        operator = conditions.setdefault(each.text("test"), {})
        operator[each.text("variable")] = each.items("values")
    return Statement(
        allows=(block.text("effect") or "Allow") == "Allow",
        actions=tuple(block.items("actions")),
        excluded_actions=tuple(block.items("not_actions")),
        resources=tuple(block.items("resources")),
        excluded_resources=tuple(block.items("not_resources")),
        principals={
            each.text("type"): tuple(each.items("identifiers"))
            for each in block.blocks("principals")
        },
        conditions=conditions,
    )
