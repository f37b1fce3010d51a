"""Finds a Terraform that is new enough."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from modules.toolchain import SetupError

MINIMUM = (1, 10, 0)
"""The first Terraform whose S3 backend locks without DynamoDB (`use_lockfile`)."""

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(-\S+)?")


def is_new_enough(*, version: str) -> bool:
    """Return whether a version, such as `1.11.4` or `1.12.0-rc1`, is at least `MINIMUM`."""
    match = _VERSION.match(version)
    if not match:
        return False
    release = tuple(int(part) for part in match.group(1, 2, 3))
    prerelease = match.group(4)  # sorts before the release of the same number
    return release > MINIMUM or (release == MINIMUM and not prerelease)


def terraform_version(*, binary: Path, environment: Mapping[str, str]) -> str | None:
    """Ask a Terraform for its version.

    Returns:
        Its version, or None if it does not run or its answer is not one of Terraform's.
    """
    try:
        answer = subprocess.run(
            [binary, "version", "-json"],
            env={**environment, "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            check=True,
            timeout=60,
        )
        report = cast("object", json.loads(answer.stdout))
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    version = (
        cast("dict[str, object]", report).get("terraform_version")
        if isinstance(report, dict)
        else None
    )
    return version if isinstance(version, str) else None


def find_terraform(*, environment: Mapping[str, str]) -> Path | None:
    """Find the Terraform that TERRAFORM_BINARY_NAME names, or else the one on PATH.

    Returns:
        Its absolute path, or None if none is named and PATH has none that is new enough. Links are
        not resolved, because a version manager's shim depends on its own name.

    Raises:
        SetupError: The named one is missing, too old or not Terraform.
    """
    named = environment.get("TERRAFORM_BINARY_NAME", "")
    found = shutil.which(named or "terraform", path=environment.get("PATH", ""))
    minimum = ".".join(str(part) for part in MINIMUM[:2])
    if found is None:
        if named:
            message = (
                f"TERRAFORM_BINARY_NAME names {named}, which is not an executable file or not on"
                f" PATH: name a Terraform {minimum} or later, or unset it."
            )
            raise SetupError(message)
        return None
    binary = Path(found).absolute()
    version = terraform_version(binary=binary, environment=environment)
    if version and is_new_enough(version=version):
        return binary
    if named:
        problem = f"is version {version}" if version else "does not run as Terraform"
        message = (
            f"TERRAFORM_BINARY_NAME names {named}, which {problem}: name a Terraform {minimum} or"
            " later, or unset it."
        )
        raise SetupError(message)
    return None
