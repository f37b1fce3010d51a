"""A copy of the project with a deployment of its own, apart from the user's."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import boto3
from botocore.config import Config

from local_aws.access.credentials import Credentials, read_credentials
from modules.bindings import without_activation
from modules.settings.environment import LOCAL_AWS_CREDENTIALS_FILE
from modules.toolchain import ROOT
from tests.ports import free_port

INSTALLED = (".venv", "node_modules", "container/node_modules", "local_aws/node_modules", ".tools")
"""Folders that set-up has made, which the copy links to."""

COMMAND_VARIABLES = (
    "CONFIRM",
    "ENVIRONMENT",
    "ENVIRONMENT_SUFFIX",
    "FOLLOW",
    "FORMAT",
    "LEVEL",
    "LOCAL_AWS_URL",
    "REQUEST",
    "SINCE",
    "STACKS",
)
"""Variables of the user that would change what the commands do."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project folder and the port of its embedded AWS."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """The address of the embedded AWS."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def credentials(self) -> Credentials:
        """The key of the embedded AWS."""
        return read_credentials(self.folder / LOCAL_AWS_CREDENTIALS_FILE)

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder, without the user's AWS account and settings."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment() | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(
        self, *command: str, output: IO[str] | int = subprocess.PIPE
    ) -> "subprocess.Popen[str]":
        """Start a command in the folder in the same way; its output may go to a file."""
        # A background job of a shell ignores Ctrl-C, and so would the command that it starts.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output if output == subprocess.PIPE else subprocess.STDOUT,
                text=True,
            )
        finally:
            signal.signal(signal.SIGINT, before)

    def make(self, command: str, **variables: str) -> str:
        """Run the module behind `make COMMAND`, and return what it printed."""
        result = self.run(".venv/bin/python", "-m", f"commands.{command}", **variables)
        assert result.returncode == 0, result.stdout[-8_000:] + result.stderr
        return result.stdout

    @contextmanager
    def started(self, *command: str) -> Generator[subprocess.Popen[str]]:
        """Start a command, and end it afterwards if it still runs."""
        with self.start(*command) as process:
            try:
                yield process
            finally:
                process.kill()

    def _environment(self) -> dict[str, str]:
        base = without_activation(base=os.environ)
        own = {
            name: value
            for name, value in base.items()
            if name not in COMMAND_VARIABLES and not name.startswith(("AWS_", "PLATFORM__"))
        }
        return own | {"LOCAL_AWS_PORT": str(self.port)}

    def client(self, service: str, *, region: str = "eu-west-1") -> Any:  # noqa: ANN401  # boto3's clients have no common type
        """Return a client of the embedded AWS."""
        own = self.credentials
        session = boto3.Session(own.access_key_id, own.secret_access_key, region_name=region)
        config = Config(proxies={})
        return session.client(service, endpoint_url=self.url, config=config)  # type: ignore[call-overload]

    def resources(self, stack: str) -> list[dict[str, Any]]:
        """Return the resources of a deployed stack, as Terraform's state has them."""
        result = self.run(".tools/terraform", f"-chdir=cdktf.out/stacks/{stack}", "show", "-json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)["values"]["root_module"]["resources"]


def copy_project(folder: Path) -> Project:
    """Copy and commit the files that git tracks or would add, and link what set-up has made."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    for name in INSTALLED:
        (folder / name).symlink_to(ROOT / name)
    author = ["-c", "user.name=Test", "-c", "user.email=test@test.example"]
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "Copy"]):
        subprocess.run(["git", *author, *command], cwd=folder, check=True)
    return Project(folder=folder, port=free_port())
