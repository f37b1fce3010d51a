"""Builds the working copy of the API with esbuild, again and again."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import cast

from commands.image.plain_image import build_arguments
from local_aws.private_files import own_folder
from modules.bindings import find_node
from modules.release.container_image import ImageError

_PROGRAM = Path(__file__).with_name("bundler.mjs")
_KEPT = 5
"""How many builds stay: a request may still be starting with an earlier one."""


class BuildError(Exception):
    """The code cannot be built; the message is esbuild's, with file and line."""


class Bundler:
    """A running esbuild. Each build gets a folder of its own, so none changes while it is read.

    Args:
        container: The folder of the API's code, with its packages installed.
        folder: The folder of the builds, which is emptied; only the user may enter it.
        coloured: Whether messages have the terminal's colours.
    """

    def __init__(self, *, container: Path, folder: Path, coloured: bool) -> None:
        self._container = container
        self._folder = folder
        self._coloured = coloured
        self._builds = 0
        self._process: subprocess.Popen[str] | None = None
        shutil.rmtree(folder, ignore_errors=True)
        own_folder(folder)

    def close(self) -> None:
        """End esbuild and delete the builds."""
        self.restart()
        shutil.rmtree(self._folder, ignore_errors=True)

    def restart(self) -> None:
        """End esbuild; the next build starts it with the arguments of that time."""
        if self._process is not None:
            self._process.communicate()  # it ends at the end of its input
            self._process = None

    def build(self) -> Path:
        """Build the code as it is now, and return the folder of the result.

        Raises:
            BuildError: The code has errors.
            ImageError: esbuild cannot be run.
        """
        if self._process is None:
            self._process = self._start()
        self._builds += 1
        target = self._folder / str(self._builds)
        answer = self._ask(str(target))
        if problems := cast("list[str]", answer["problems"]):
            raise BuildError("\n".join(problems))
        shutil.rmtree(self._folder / str(self._builds - _KEPT), ignore_errors=True)
        return target

    def _ask(self, target: str) -> dict[str, object]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            message = "esbuild is not running"
            raise ImageError(message)
        try:
            process.stdin.write(f"{target}\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())
        except (BrokenPipeError, ValueError) as error:
            self._process = None
            message = f"esbuild ended with status {process.wait()}: run `make setup`."
            raise ImageError(message) from error

    def _start(self) -> "subprocess.Popen[str]":
        node = find_node()
        if node is None:
            message = "Node.js is not installed: run `make setup`."
            raise ImageError(message)
        # NODE_OPTIONS loads what speeds up CDKTF, which the build does not need.
        environment = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
        return subprocess.Popen(
            [
                *(node, str(_PROGRAM), "colour" if self._coloured else "plain", str(self._folder)),
                *build_arguments(folder=self._container),
            ],
            cwd=self._container,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C in a terminal must reach this process only
        )
