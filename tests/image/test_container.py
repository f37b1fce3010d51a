"""The container's type check and unit tests, and the base images of its Dockerfile."""

import re
import subprocess
from pathlib import Path

import pytest

from modules.bindings import find_node
from tests.image.node_tests import run_node_tests

_CONTAINER = Path(__file__).parents[2] / "container"


@pytest.mark.slow
def test_the_container_passes_its_type_check() -> None:
    result = subprocess.run(
        [str(find_node()), "node_modules/typescript/bin/tsc"],
        cwd=_CONTAINER,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
def test_the_container_passes_its_unit_tests() -> None:
    run_node_tests("test/unit/*.test.ts")


def test_the_image_is_built_and_runs_on_node_js_22_and_lambda_on_arm64() -> None:
    dockerfile = (_CONTAINER / "Dockerfile").read_text("utf-8")

    defaults: dict[str, str] = dict(re.findall(r"^ARG (\w+)=(\S+)$", dockerfile, re.MULTILINE))
    stages: list[tuple[str, str]] = re.findall(
        r"^FROM (?:--platform=(\S+) )?(\S+)(?: AS build)?$", dockerfile, re.MULTILINE
    )
    bases = [
        (platform, re.sub(r"\$\{(\w+)\}", lambda name: defaults[name[1]], base))
        for platform, base in stages
    ]

    assert bases == [
        ("$BUILDPLATFORM", "public.ecr.aws/docker/library/node:22.20.0-bookworm-slim"),
        ("", "public.ecr.aws/lambda/nodejs:22-arm64"),
    ]
