"""Synthesises the stacks of an environment, and asks Terraform about them."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from commands.shared.console import CommandError
from commands.shared.state import Block, State
from commands.shared.terraform_errors import Diagnostic, TerraformError
from commands.toolchain import toolchain_environment
from modules.bindings import without_activation
from modules.settings import PARTS, Part, Settings
from modules.toolchain import ROOT

STACKS_FOLDER = ROOT / "cdktf.out" / "stacks"
GENERATED_OUTPUT = "cross-stack-output-"
"""Prefix of the outputs that CDKTF adds for references between stacks."""

_USER_CREDENTIALS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
)


def terraform_environment(settings: Settings) -> dict[str, str]:
    """Return the environment for child processes; for the embedded AWS without the user's keys.

    Raises:
        SetupError: Set-up was not run.
    """
    base = without_activation(base=os.environ)
    if settings.local_aws:
        base = {name: value for name, value in base.items() if name not in _USER_CREDENTIALS}
    return toolchain_environment(base=base)


ASSUMED = "assumed_override.tf.json"
"""The file by which a review lets a stack read outputs that are not deployed. Terraform merges a
file with this ending into the configuration (Terraform, Override Files)."""


def stack_folder(part: Part, *, settings: Settings) -> Path:
    """Return the folder in which Terraform runs for a stack."""
    return STACKS_FOLDER / settings.stack_id(part)


def synthesise(*, settings: Settings) -> None:
    """Write Terraform's input for all stacks.

    Raises:
        CommandError: The synthesis failed; it has printed why.
    """
    command = [ROOT / ".venv/bin/python", "main.py"]
    environment = terraform_environment(settings)
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
        message = "The synthesis failed, see above."
        raise CommandError(message)
    # A review that was killed leaves it behind, and a deployment must not read what it assumed.
    for part in PARTS:
        (stack_folder(part, settings=settings) / ASSUMED).unlink(missing_ok=True)


def pull_state(part: Part, *, settings: Settings) -> State:
    """Return the state of a synthesised stack; empty before a deployment.

    Raises:
        CommandError: Terraform failed.
    """
    folder = stack_folder(part, settings=settings)
    backend = _read_backend(folder)
    if "local" in backend:  # a file, which needs neither an initialised folder nor Terraform
        file = folder / backend["local"]["path"]
        text = file.read_text() if file.exists() else ""
    else:
        initialise(part, settings=settings)
        text = _run_terraform(["state", "pull"], folder=folder, settings=settings)
    return State(document=json.loads(text or "{}"))


def _read_backend(folder: Path) -> Block:
    """Return where a stack's state is: settings by the kind of backend."""
    return json.loads((folder / "cdk.tf.json").read_text())["terraform"]["backend"]


def read_plan(file: Path, *, part: Part, settings: Settings) -> Block:
    """Return a saved plan of a stack, as `terraform show -json` prints it.

    Raises:
        CommandError: Terraform failed.
    """
    folder = stack_folder(part, settings=settings)
    text = _run_terraform(["show", "-json", str(file)], folder=folder, settings=settings)
    return json.loads(text)


def initialise(part: Part, *, settings: Settings) -> None:
    """Initialise a stack's folder, unless it was for the same backend and provider.

    Raises:
        CommandError: Terraform failed.
    """
    folder = stack_folder(part, settings=settings)
    document = json.loads((folder / "cdk.tf.json").read_text())
    lock = (folder / ".terraform.lock.hcl").read_text()
    wanted = sha256(f"{json.dumps(document['terraform'])}{lock}".encode()).hexdigest()
    done = folder / ".terraform/initialised"
    if not (done.is_file() and done.read_text() == wanted):
        _run_terraform(["init", "-input=false", "-no-color"], folder=folder, settings=settings)
        done.write_text(wanted)


def _run_terraform(arguments: Sequence[str], *, folder: Path, settings: Settings) -> str:
    environment = terraform_environment(settings)
    result = subprocess.run(
        [environment["TERRAFORM_BINARY_NAME"], *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        said = Diagnostic(
            severity="error",
            summary=f"`terraform {' '.join(arguments)}` failed",
            detail=result.stderr.strip(),
        )
        raise TerraformError(stack_id=folder.name, folder=folder, diagnostics=[said])
    return result.stdout


def read_outputs(part: Part, *, settings: Settings) -> dict[str, object]:
    """Return the deployed outputs of a stack, by name; empty before it is deployed.

    Raises:
        CommandError: Terraform failed.
    """
    return own_outputs(pull_state(part, settings=settings).outputs)


def own_outputs(outputs: Mapping[str, object]) -> dict[str, object]:
    """Return the outputs of the output contract, without those that CDKTF adds."""
    return {
        name: value
        for name, value in sorted(outputs.items())
        if not name.startswith(GENERATED_OUTPUT)
    }
