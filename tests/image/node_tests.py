"""Runs the API's tests, which are Node.js's own, and reports what they found."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from modules.bindings import find_node

_CONTAINER = Path(__file__).parents[2] / "container"
# a failed test's line of TAP, and the lines about it up to the next test
_FAILURE = r"^not ok .*(?:\n(?!ok |not ok |# Subtest).*)*"


def run_node_tests(*arguments: str, environment: Mapping[str, str] | None = None) -> None:
    """Run `node --test` and asserts that there are tests and that all of them pass.

    Args:
        arguments: Options and file patterns, the latter relative to `container/`.
        environment: Variables beside this process's own.
    """
    # Without NODE_OPTIONS: what speeds up CDKTF has no place in the API's own process.
    own = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}

    result = subprocess.run(
        [str(find_node()), "--test", "--test-reporter=tap", *arguments],
        cwd=_CONTAINER,
        env={**own, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )

    failed = re.findall(_FAILURE, result.stdout, re.MULTILINE)
    assert result.returncode == 0, "\n".join(failed) or result.stdout + result.stderr
    counts = dict(re.findall(r"^# (tests|pass) (\d+)$", result.stdout, re.MULTILINE))
    assert int(counts["tests"]) > 0, "node found no test"
    assert counts["pass"] == counts["tests"], result.stdout
