"""Builds the working copy of the API, again and again."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from commands.dev.esbuild import Esbuild
from commands.image.plain_image import image_command
from local_aws.private_files import own_folder

_KEPT = 5
"""How many builds stay: a request may still be starting with an earlier one."""


@dataclass(frozen=True, kw_only=True)
class Build:
    """A build of the API."""

    folder: Path
    """The folder with the bundle."""

    warnings: list[str]
    """What esbuild warns of."""


class Bundler:
    """Builds the API into new folders, so that none changes while it is read.

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
        self._started: Esbuild | None = None
        shutil.rmtree(folder, ignore_errors=True)
        own_folder(folder)

    def close(self) -> None:
        """End esbuild and delete the builds."""
        self.restart()
        shutil.rmtree(self._folder, ignore_errors=True)

    def restart(self) -> None:
        """End esbuild; the next build starts it with the arguments of that time."""
        if self._started is not None:
            self._started.close()
            self._started = None

    def build(self) -> Build:
        """Build the API as it is now.

        Raises:
            BuildError: The code has errors.
            ImageError: esbuild cannot be run.
        """
        self._builds += 1
        target = self._folder / str(self._builds)
        warnings = self._esbuild().build(self._api(), target=target)
        shutil.rmtree(self._folder / str(self._builds - _KEPT), ignore_errors=True)
        return Build(folder=target, warnings=warnings)

    def check_others(self) -> None:
        """Build the other functions of the image without a result, to find their errors.

        Raises:
            BuildError: The code has errors.
            ImageError: esbuild cannot be run.
        """
        esbuild = self._esbuild()
        for name in esbuild.names:
            if name != self._api():
                esbuild.build(name, target=None)

    def _api(self) -> str:
        """Return the bundle that the image's own command runs, such as `api` of `api.handler`."""
        return image_command(folder=self._container)[0].partition(".")[0]

    def _esbuild(self) -> Esbuild:
        if self._started is None:
            self._started = Esbuild(
                container=self._container, folder=self._folder, coloured=self._coloured
            )
        return self._started
