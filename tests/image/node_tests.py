"""Runs the container's tests, which are written for Node.js's test runner."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from modules.bindings import find_node

_CONTAINER = Path(__file__).parents[2] / "container"
# the TAP line of a failed test, and the lines about it up to the next test
_FAILURE = r"^not ok .*(?:\n(?!ok |not ok |# Subtest).*)*"


def run_node_tests(*arguments: str, environment: Mapping[str, str] | None = None) -> None:
    """Run `node --test`, and assert that it finds tests and all of them pass.

    Args:
        arguments: Options and file patterns, the latter relative to `container/`.
        environment: Environment variables in addition to those of this process.
    """
    # Drop NODE_OPTIONS: it speeds up CDKTF and must not affect the code under test.
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
    assert int(counts["tests"]) > 0, "Node.js found no test"
    assert counts["pass"] == counts["tests"], result.stdout
