"""Real Terraform with the real provider reads what is synthesised."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from commands.setup.stack_folder import pin_provider
from commands.toolchain import toolchain_environment
from modules.bindings import without_activation
from modules.settings import PARTS
from tests.synthesis import Synthesis

pytestmark = pytest.mark.terraform


def _terraform(*arguments: str, folder: Path) -> str:
    environment = toolchain_environment(base=without_activation(base=os.environ))
    result = subprocess.run(
        [environment["TERRAFORM_BINARY_NAME"], *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    # Nothing is said about CLI configuration, deprecations or anything else.
    assert "Warning" not in result.stdout + result.stderr
    return result.stdout


def test_every_stack_is_valid_without_a_warning(synthesis: Synthesis) -> None:
    for part in PARTS:
        folder = synthesis.folder / "stacks" / synthesis.settings.stack_id(part)
        pin_provider(folder=folder)
        _terraform("init", "-backend=false", "-input=false", "-no-color", folder=folder)
        verdict = json.loads(_terraform("validate", "-json", folder=folder))
        assert verdict["diagnostics"] == []
        assert verdict["valid"] is True
