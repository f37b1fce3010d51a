"""Runs of the project's Terraform in a folder."""

import os
import subprocess
from pathlib import Path

from commands.toolchain import toolchain_environment
from modules.bindings import without_activation


def attempt_terraform(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Terraform and return its result, whatever that is."""
    environment = toolchain_environment(base=without_activation(base=os.environ))
    return subprocess.run(
        [environment["TERRAFORM_BINARY_NAME"], *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def run_terraform(*arguments: str, folder: Path) -> str:
    """Run Terraform, assert that it succeeds without a warning, and return what it prints."""
    result = attempt_terraform(*arguments, folder=folder)
    assert result.returncode == 0, result.stdout + result.stderr
    # Nothing is said about CLI configuration, deprecations or anything else.
    assert "Warning" not in result.stdout + result.stderr
    return result.stdout
