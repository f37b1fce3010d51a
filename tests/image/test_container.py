"""The API's own tests, run as a part of the project's."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

_CONTAINER: Final = Path(__file__).parents[2] / "container"
_NODE: Final = Path(sys.executable).parent / "node"


def test_the_api_passes_its_own_tests() -> None:
    # Without NODE_OPTIONS: what speeds up CDKTF has no place in the API's own process.
    environment = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}

    result = subprocess.run(
        [_NODE, "--test", "--test-reporter=tap"],
        cwd=_CONTAINER,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    counts = dict(re.findall(r"^# (tests|pass) (\d+)$", result.stdout, re.MULTILINE))
    assert int(counts["tests"]) > 0, "node found no test"
    assert counts["pass"] == counts["tests"], result.stdout


def test_the_image_is_made_from_the_lambda_base_image_for_nodejs_22_on_arm64() -> None:
    dockerfile = (_CONTAINER / "Dockerfile").read_text("utf-8")

    defaults: dict[str, str] = dict(re.findall(r"^ARG (\w+)=(\S+)$", dockerfile, re.MULTILINE))
    bases: list[str] = re.findall(r"^FROM (\S+)$", dockerfile, re.MULTILINE)
    resolved = [re.sub(r"\$\{(\w+)\}", lambda name: defaults[name[1]], base) for base in bases]

    assert resolved == ["public.ecr.aws/lambda/nodejs:22-arm64"]
