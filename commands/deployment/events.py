"""Reads Terraform's machine-readable output.

Source: Terraform, Machine-Readable UI.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from commands.shared.terraform_errors import Diagnostic


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of Terraform's output."""

    message: str
    """The line in words."""

    type: str = ""
    """The kind of line, such as `apply_start`; empty for a line that is not machine-readable."""

    address: str = ""
    """The resource that it is about."""

    action: str = ""
    """What happens to it: `create`, `update`, `delete`, `replace`, `read`, `move`, `import`."""

    operation: str = ""
    """What a summary sums up: `plan`, `apply` or `destroy`."""

    counts: Mapping[str, int] | None = None
    """The numbers of a summary: `add`, `change`, `import`, `remove`."""

    outputs: Mapping[str, str] | None = None
    """What a plan does with each output: `noop`, `create`, `update`, `delete`."""

    diagnostic: Diagnostic | None = None


def parse_event(line: str) -> Event:
    """Return the event of a line; a line that is not machine-readable is a message."""
    try:
        document = json.loads(line)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        return Event(message=line.rstrip())
    fields = cast("dict[str, Any]", document)
    about: dict[str, Any] = fields.get("hook") or fields.get("change") or {}
    changes = dict(fields.get("changes") or {})
    operation = changes.pop("operation", "")
    outputs = fields.get("outputs")
    diagnostic = fields.get("diagnostic")
    return Event(
        message=str(fields.get("@message", "")),
        type=str(fields.get("type", "")),
        address=str(about.get("resource", {}).get("addr", "")),
        action=str(about.get("action", "")),
        operation=operation,
        counts=changes or None,
        outputs=outputs and {name: each.get("action", "") for name, each in outputs.items()},
        diagnostic=diagnostic and _parse_diagnostic(diagnostic),
    )


def _parse_diagnostic(fields: Mapping[str, Any]) -> Diagnostic:
    file: str = _part(fields, "range").get("filename", "")
    block: str = _part(fields, "snippet").get("context") or ""
    return Diagnostic(
        severity=fields.get("severity", ""),
        summary=fields.get("summary", ""),
        detail=fields.get("detail", ""),
        address=fields.get("address", ""),
        place=", in ".join(part for part in (file, block) if part),
    )


def _part(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return fields.get(name) or {}
