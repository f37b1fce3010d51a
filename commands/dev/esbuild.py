"""A running esbuild, which builds faster a second time."""

import json
import os
import subprocess
from pathlib import Path
from typing import IO, cast

from commands.image.plain_image import build_arguments
from modules.bindings import find_node
from modules.release.container_image import ImageError

_PROGRAM = Path(__file__).with_name("esbuild.mjs")

_GARBAGE_PERCENT = "400"
"""How much memory esbuild may take before it collects garbage, in percent of what is in use. Go's
default is 100; this makes a build a fifth faster and takes some 150 MB more."""


class BuildError(Exception):
    """The code cannot be built; the message is esbuild's, with file and line."""


class Esbuild:
    """esbuild in a process of its own, with the arguments of the container's build script.

    Args:
        container: The folder of the code, with its packages installed.
        folder: The folder above those that builds are written to.
        coloured: Whether messages have the terminal's colours.

    Raises:
        ImageError: Node.js or the build script is missing.
    """

    def __init__(self, *, container: Path, folder: Path, coloured: bool) -> None:
        node = find_node()
        if node is None:
            message = "Node.js is not installed: run `make setup`."
            raise ImageError(message)
        arguments = build_arguments(folder=container)
        self.names = [Path(text).stem for text in arguments if not text.startswith("--")]
        """The names of the bundles, each of one function."""
        # NODE_OPTIONS loads what speeds up CDKTF, which the build does not need.
        environment = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
        style = "coloured" if coloured else "plain"
        self._process = subprocess.Popen(
            [node, str(_PROGRAM), style, str(folder), *arguments],
            cwd=container,
            env={"GOGC": _GARBAGE_PERCENT} | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C in a terminal must reach this process only
        )

    def build(self, name: str, *, target: Path | None) -> list[str]:
        """Build a bundle into a new folder, or only check it without one; return the warnings.

        Raises:
            BuildError: The code has errors.
            ImageError: esbuild has ended.
        """
        request = {"name": name, "target": target and str(target)}
        requests = cast("IO[str]", self._process.stdin)
        answers = cast("IO[str]", self._process.stdout)
        try:
            requests.write(f"{json.dumps(request)}\n")
            requests.flush()
            answer: dict[str, list[str]] = json.loads(answers.readline())
        except (BrokenPipeError, ValueError) as error:
            message = "esbuild has ended, see above: run `make setup`, and start again."
            raise ImageError(message) from error
        if answer["errors"]:
            raise BuildError("\n".join(answer["errors"]))
        return answer["warnings"]

    def close(self) -> None:
        """End the process."""
        self._process.communicate()  # it ends at the end of its input
