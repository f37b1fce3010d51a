"""Runs cdktf and Terraform for the stacks of an environment."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from commands.shared.console import CommandError
from commands.toolchain import toolchain_environment
from modules.bindings import without_activation
from modules.settings import Part, Settings
from modules.toolchain import ROOT

PART_OF_STACKS = "--ignore-missing-stack-dependencies"
"""Option of cdktf that runs one stack without those it depends on, which are deployed already."""

ALREADY_SYNTHESISED = "--skip-synth"
"""Option of cdktf that uses the synthesis of the command before."""

STACKS_FOLDER = ROOT / "cdktf.out" / "stacks"
GENERATED_OUTPUT = "cross-stack-output-"
"""Prefix of the outputs that CDKTF adds for references between stacks."""

_USER_CREDENTIALS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
)


def _environment(settings: Settings, *, interactive: bool = False) -> dict[str, str]:
    """Return the environment for child processes; for the embedded AWS without the user's keys."""
    base = without_activation(base=os.environ)
    if settings.local_aws:
        base = {name: value for name, value in base.items() if name not in _USER_CREDENTIALS}
    return toolchain_environment(base=base, interactive=interactive)


def stack_folder(part: Part, *, settings: Settings) -> Path:
    """Return the folder in which Terraform runs for a stack."""
    return STACKS_FOLDER / settings.stack_id(part)


def run_cdktf(
    verb: str,
    parts: Sequence[Part],
    *,
    settings: Settings,
    options: Sequence[str] = (),
    interactive: bool = False,
) -> None:
    """Run a cdktf command on some stacks, and show what it prints.

    Raises:
        CommandError: The command failed, and cdktf has printed why; or cdktf is not installed.
    """
    stacks = [settings.stack_id(part) for part in parts]
    command = ["cdktf", verb, *stacks, *options]
    if not sys.stdout.isatty():
        command.append("--no-color")
    environment = _environment(settings, interactive=interactive)
    try:
        result = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    except OSError as error:
        message = f"`cdktf` cannot be run ({error.strerror}): run `make setup`."
        raise CommandError(message) from error
    if result.returncode != 0:
        message = f"`cdktf {verb} {' '.join(stacks)}` failed, see above. It can be run again."
        raise CommandError(message)


def synthesise(*, settings: Settings) -> None:
    """Write Terraform's input for all stacks.

    Raises:
        CommandError: The synthesis failed; it has printed why.
    """
    command = [ROOT / ".venv/bin/python", "main.py"]
    environment = _environment(settings)
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
        message = "The synthesis failed, see above."
        raise CommandError(message)


def read_terraform_json(
    arguments: Sequence[str], *, part: Part, settings: Settings
) -> dict[str, object]:
    """Run a Terraform command that answers in JSON; initialise the stack's folder if needed.

    Raises:
        CommandError: Terraform failed.
    """
    text = _run_initialised([*arguments, "-json"], part=part, settings=settings)
    return cast("dict[str, object]", json.loads(text))


def read_state(part: Part, *, settings: Settings) -> str:
    """Return the state of a synthesised stack as Terraform stores it; empty before a deployment.

    Raises:
        CommandError: Terraform failed.
    """
    return _run_initialised(["state", "pull"], part=part, settings=settings)


def pull_state(part: Part, *, settings: Settings) -> dict[str, object]:
    """Return the state of a synthesised stack; empty before a deployment.

    Raises:
        CommandError: Terraform failed.
    """
    return cast("dict[str, object]", json.loads(read_state(part, settings=settings) or "{}"))


def _run_initialised(arguments: Sequence[str], *, part: Part, settings: Settings) -> str:
    folder = stack_folder(part, settings=settings)
    if not (folder / ".terraform").is_dir():
        _run_terraform(["init", "-input=false", "-no-color"], folder=folder, settings=settings)
    return _run_terraform(arguments, folder=folder, settings=settings)


def _run_terraform(arguments: Sequence[str], *, folder: Path, settings: Settings) -> str:
    environment = _environment(settings)
    result = subprocess.run(
        [environment["TERRAFORM_BINARY_NAME"], *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        message = f"`terraform {' '.join(arguments)}` failed in {folder.name}:\n{result.stderr}"
        raise CommandError(message)
    return result.stdout


def read_outputs(part: Part, *, settings: Settings) -> dict[str, object]:
    """Return the deployed outputs of a stack, by name; empty before it is deployed.

    Raises:
        CommandError: Terraform failed.
    """
    outputs = read_terraform_json(["output"], part=part, settings=settings)
    return {
        name: cast("dict[str, object]", output)["value"]
        for name, output in sorted(outputs.items())
        if not name.startswith(GENERATED_OUTPUT)
    }
