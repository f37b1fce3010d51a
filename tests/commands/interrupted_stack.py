"""A stack whose deployment a test interrupts."""

import json
import os
import shlex
import signal
import subprocess
import zipfile
from collections.abc import Mapping
from contextlib import suppress
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
PARALLELISM = "-parallelism=100"
"""Each interruption hits all that can be created by then."""


@dataclass(kw_only=True)
class InterruptedStack:
    """A stack in a folder of its own."""

    root: Path
    settings: Settings
    _running: "subprocess.Popen[bytes] | None" = None

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
            # Terraform locks the file before it has anything to write.
            recorded = self.state.read_text() if self.state.exists() else ""
            state = State(document=json.loads(recorded or "{}"))
            with adopting("foundation", settings=self.settings, state=state, report=print):
                return self.terraform("apply", "-auto-approve", PARALLELISM, "-input=false") == 0
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
            status = self.terraform(*arguments)
            while status == -signal.SIGKILL:
                status = self.terraform(*arguments)
            assert status == 0, command

    def forget_everything(self) -> None:
        """Lose the state."""
        self.state.unlink()

    def terraform(self, *arguments: str) -> int:
        """Run Terraform, and return its status."""
        environment = toolchain_environment(base=os.environ)
        with (self.root / "terraform.log").open("a") as log:
            self._running = subprocess.Popen(
                [environment["TERRAFORM_BINARY_NAME"], *arguments],
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            return self._running.wait()

    def kill(self) -> None:
        """Kill Terraform and its provider, so that neither can record anything."""
        if self._running and self._running.returncode is None:
            with suppress(ProcessLookupError):  # it has just ended by itself
                os.killpg(self._running.pid, signal.SIGKILL)

    @property
    def adopts(self) -> bool:
        """Whether import blocks lie in the folder."""
        return (self.folder / IMPORTS).exists()
