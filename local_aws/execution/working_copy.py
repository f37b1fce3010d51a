"""A developer's working copy of the code behind an alias.

It replaces the deployed code only for who invokes the alias. A deployment invokes versions, such as
to migrate a database or to check a new version, and these always run what is deployed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(eq=False, kw_only=True)
class WorkingCopy:
    """One build of a working copy; each build is equal only to itself."""

    folder: Path
    """The built files, in the place of `/var/task`."""

    inspected: bool
    """Whether a debugger may attach to its processes and pause them."""

    report: Callable[[Mapping[str, object]], None]
    """Tells the developer what happens, such as the log of an invocation."""

    ended: bool = False
    """Whether it must not get another event."""


_serving: dict[str, WorkingCopy] = {}  # by the alias's ARN


def serving(arn: str) -> WorkingCopy | None:
    """Return the working copy that an invoked ARN runs; None means the deployed code."""
    return _serving.get(arn)


def serve(copy: WorkingCopy | None, *, alias_arn: str) -> None:
    """Replace what an alias runs; None restores the deployed code."""
    before = _serving.get(alias_arn)
    if copy is not None:
        _serving[alias_arn] = copy
    else:
        _serving.pop(alias_arn, None)
    if before is not None:
        before.ended = True
