"""What the last plan of each stack found, kept in this folder for `make status`."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any, cast

from commands.shared.logs_folder import logs_folder
from local_aws.private_files import write_private


@dataclass(frozen=True, kw_only=True)
class PlanRecord:
    """The changes that a plan of one stack found."""

    state_version: str
    """The version of the state that was planned on; in a later state the record says nothing."""

    planned: datetime = field(default_factory=partial(datetime.now, timezone.utc))
    changes: tuple[str, ...]
    """Addresses of the resources that a deployment would change."""

    outside: tuple[str, ...]
    """Those of them that were changed outside Terraform since the last deployment."""


def write_record(record: PlanRecord, *, stack_id: str) -> None:
    """Keep a record in place of the stack's last one; only the user may read it."""
    fields = asdict(record) | {"planned": record.planned.isoformat()}
    write_private(_file(stack_id), json.dumps(fields))


def read_record(*, stack_id: str, state_version: str) -> PlanRecord | None:
    """Return the record of a stack if its state is still the one that was planned on."""
    try:
        fields: dict[str, Any] = json.loads(_file(stack_id).read_text())
        record = PlanRecord(
            state_version=fields["state_version"],
            planned=datetime.fromisoformat(fields["planned"]),
            changes=tuple(cast("Sequence[str]", fields["changes"])),
            outside=tuple(cast("Sequence[str]", fields["outside"])),
        )
    except (OSError, ValueError, KeyError, TypeError):  # there is none, or it is damaged
        return None
    return record if record.state_version == state_version else None


def _file(stack_id: str) -> Path:
    return logs_folder() / f"{stack_id}.plan.json"
