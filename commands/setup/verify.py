"""Lets Terraform fetch the provider once and check it against the committed lock."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from commands.setup.mirrors import VERSION
from modules.toolchain import COMMITTED_LOCK, SetupError, Tools, pin_provider


def verify_provider(*, tools: Tools, environment: Mapping[str, str]) -> None:
    """Run `terraform init` on an empty stack, which fills the plugin cache, and keep its lock.

    Args:
        tools: The tools that set-up has chosen. The checked lock is written beside them.
        environment: The toolchain's environment.

    Raises:
        SetupError: The provider cannot be fetched, or does not match the committed lock.
    """
    with tempfile.TemporaryDirectory(dir=tools.folder, prefix="verify-") as name:
        folder = Path(name)
        stack = {
            "terraform": {"required_providers": {"aws": {"source": "aws", "version": VERSION}}}
        }
        (folder / "main.tf.json").write_text(json.dumps(stack), encoding="utf-8")
        pin_provider(folder=folder, tools=tools, lock=COMMITTED_LOCK)
        init = subprocess.run(
            [tools.terraform, "init", "-backend=false", "-input=false", "-no-color"],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if init.returncode:
            raise SetupError(_explain(output=init.stderr))
        checked = tools.lock.with_name(f"{tools.lock.name}.part")
        shutil.copyfile(folder / ".terraform.lock.hcl", checked)
        checked.replace(tools.lock)


def _explain(*, output: str) -> str:
    text = " ".join(output.replace("│", " ").replace("╷", " ").replace("╵", " ").split())
    if "match any of the checksums" in text:
        return (
            f"The AWS provider that Terraform found is not the genuine {VERSION}: its checksum is"
            f" not in {COMMITTED_LOCK.name}. Do not use it; get it from another source (unset or"
            f" change TF_PROVIDER_MIRROR). Terraform says: {text}"
        )
    return f"Terraform cannot install AWS provider {VERSION}. It says: {text}"
