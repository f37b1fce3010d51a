"""A stack whose deployment a test interrupts."""

import json
import os
import shlex
import signal
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commands.adoption import adopting
from commands.adoption.imports import IMPORTS
from commands.shared.console import CommandError
from commands.shared.state import State
from commands.toolchain import toolchain_environment
from modules.settings import Settings
from modules.toolchain import pin_provider

FOLDER = "cdktf.out/stacks"


@dataclass(frozen=True, kw_only=True)
class InterruptedStack:
    """A stack in a folder of its own."""

    root: Path
    settings: Settings

    @property
    def folder(self) -> Path:
        """Where Terraform runs."""
        return self.root / FOLDER / self.settings.stack_id("foundation")

    @property
    def state(self) -> Path:
        """The file with its state."""
        return self.folder / "terraform.tfstate"

    def write(self, resources: Mapping[str, Any], *, provider: Mapping[str, Any]) -> None:
        """Write the configuration, and initialise the folder."""
        document = {
            "terraform": {"required_providers": {"aws": {"source": "aws", "version": "5.100.0"}}},
            "provider": provider,
            "resource": resources,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(self.folder / "code.zip", "w") as code:
            code.writestr("index.js", "exports.handler = async () => {};")
        (self.folder / "cdk.tf.json").write_text(json.dumps(document))
        pin_provider(folder=self.folder)
        assert self.terraform("init", "-input=false") == 0

    def deploy(self) -> bool:
        """Deploy as `make deploy` does, and obey its message; return whether it succeeded."""
        try:
            state = State(
                document=json.loads(self.state.read_text() if self.state.exists() else "{}")
            )
            with adopting("foundation", settings=self.settings, state=state, report=print):
                return self.terraform("apply", "-auto-approve", "-input=false") == 0
        except CommandError as error:
            self.obey(str(error))
            return False

    def obey(self, message: str) -> None:
        """Run the commands that a message names."""
        commands = [line for line in message.splitlines() if line.startswith("  terraform ")]
        assert commands, message
        for command in commands:
            _, chdir, *arguments = shlex.split(command)
            assert chdir == f"-chdir={FOLDER}/{self.folder.name}"
            assert self.terraform(*arguments) == 0, command

    def forget_everything(self) -> None:
        """Lose the state."""
        self.state.unlink()

    def terraform(self, *arguments: str) -> int:
        """Run Terraform, whose process id is in a file meanwhile, and return its status."""
        environment = toolchain_environment(base=os.environ)
        with (self.root / "terraform.log").open("a") as log:
            process = subprocess.Popen(
                [environment["TERRAFORM_BINARY_NAME"], *arguments],
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            (self.root / "pid").write_text(str(process.pid))
            return process.wait()

    def kill(self) -> None:
        """Kill Terraform and its provider, so that neither can record anything."""
        os.killpg(int((self.root / "pid").read_text()), signal.SIGKILL)

    @property
    def adopts(self) -> bool:
        """Whether import blocks lie in the folder."""
        return (self.folder / IMPORTS).exists()
