"""The inspector of Node.js, by which a debugger attaches to a function's process.

Node.js opens it on a free port of 127.0.0.1. A client needs the address with its random id. Node.js
writes the address to stderr only, and serves no list of it over HTTP (Node.js, Command-line API,
--inspect-publish-uid), so other users of the machine and web pages cannot find it out.
"""

import os
import re

from local_aws.address import HOST
from local_aws.execution.working_copy import WorkingCopy

_ADDRESS = re.compile(rb"^Debugger listening on (ws://\S+)$", re.MULTILINE)
_MESSAGES = re.compile(
    r"Debugger (listening|ending) on ws://\S+|For help, see: https://nodejs\.org/\S+"
    r"|Debugger attached\.|Waiting for the debugger to disconnect\.\.\."
)
_FIRST_BYTES = 64 * 1024


def node_options(copy: WorkingCopy | None) -> list[str]:
    """Return Node.js's options for a process of a working copy, or of deployed code (None)."""
    if copy is None:
        return []
    options = ["--enable-source-maps"]
    if copy.inspected and not copy.ended:
        options += [f"--inspect={HOST}:0", "--inspect-publish-uid=stderr"]
    return options


def find_address(output: int) -> str | None:
    """Return the address that a process wrote to its output, a file descriptor, at its start."""
    found = _ADDRESS.search(os.pread(output, _FIRST_BYTES, 0))
    return found[1].decode() if found else None


def without_inspector(lines: list[str]) -> list[str]:
    """Return lines of output without the inspector's own: its address must not be logged."""
    return [line for line in lines if not _MESSAGES.fullmatch(line)]
