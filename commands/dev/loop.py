"""The loop: a saved file is built and served, and what happens is shown."""

import time
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

from commands.dev.bundler import Bundler
from commands.dev.embedded_aws import DevelopmentSession, Event, LoadError
from commands.dev.esbuild import BuildError
from commands.dev.log_lines import readable
from commands.dev.needs import DeploymentNeeds
from commands.shared.console import CommandError
from modules.release.container_image import ImageError

_BUILT = {".json", ".ts"}
_SETTLED = "The code before goes on answering."


class Loop:
    """Serves each state of the working copy that can be built and loaded.

    Args:
        container: The folder of the API's code.
        bundler: Builds the code.
        session: Serves the builds.
        needs: Tells which changes need a deployment.
        deploy_command: The command that deploys.
    """

    def __init__(
        self,
        *,
        container: Path,
        bundler: Bundler,
        session: DevelopmentSession,
        needs: DeploymentNeeds,
        deploy_command: str,
    ) -> None:
        self._container = container
        self._bundler = bundler
        self._session = session
        self._needs = needs
        self._deploy_command = deploy_command
        self._saved: Queue[set[Path] | None] = Queue()
        self._ending = ""

    def notice(self, saved: set[Path]) -> None:
        """Take files that were saved; any thread may call it."""
        self._saved.put(saved)

    def run(self) -> None:
        """Serve the working copy until the session ends.

        Raises:
            CommandError: The session has ended, and why.
        """
        Thread(target=self._show_events, daemon=True).start()
        self._serve()
        self._tell(self._needs.describe_deployed())
        while True:
            saved = self._next_saved()
            if any(self._is_built(file) for file in saved):
                self._rebuild(saved)
            self._tell(self._needs.describe(saved))

    def _next_saved(self) -> set[Path]:
        """Wait for saved files; take all at once that were saved during the last build."""
        saved: set[Path] = set()
        waiting = True
        while True:
            try:
                files = self._saved.get(block=waiting)
            except Empty:
                return saved
            if files is None:
                raise CommandError(self._ending)
            saved |= files
            waiting = False

    def _is_built(self, file: Path) -> bool:
        """Return whether a build reads such a file; editors save others beside it."""
        return file.is_relative_to(self._container) and file.suffix in _BUILT

    def _rebuild(self, saved: set[Path]) -> None:
        if self._container / "package.json" in saved:
            self._bundler.restart()  # it has the build's arguments
        self._serve()

    def _serve(self) -> None:
        started = time.monotonic()
        try:
            build = self._bundler.build()
            built = time.monotonic()
            self._session.load(build.folder)
        except BuildError as error:
            _show(f"{error}\n\n{_SETTLED}")
        except LoadError as error:
            lines = (part for line in str(error).splitlines() for part in readable(line))
            _show("\n".join(("The code is built, but does not load:", *lines, _SETTLED)))
        except ImageError as error:
            _show(f"{error}\n{_SETTLED}")
        else:
            loaded = time.monotonic()
            serving = (
                f"Serving the working copy (built in {(built - started) * 1000:.0f} ms,"
                f" loaded in {(loaded - built) * 1000:.0f} ms)."
            )
            _show("\n\n".join([*build.warnings, serving]))
            self._check_others()

    def _check_others(self) -> None:
        try:
            self._bundler.check_others()
        except (BuildError, ImageError) as error:
            _show(f"{error}\n\nThe API does not use this code, but the image cannot be built.")

    def _tell(self, needs: list[str]) -> None:
        if needs:
            _show(
                f"Needs a deployment: {'; '.join(needs)}.\n"
                f"  Run `{self._deploy_command}` in another terminal. This one can go on meanwhile."
            )

    def _show_events(self) -> None:
        ending = "The embedded AWS has stopped."
        for event in self._session.events():
            if event["event"] == "replaced":
                ending = "Another `make dev` has taken over."
            else:
                _show_event(event)
        self._ending = ending
        self._saved.put(None)


def _show_event(event: Event) -> None:
    if event["event"] == "inspector":
        _show(f"The debugger's address: {event['address']}")
    elif lines := [part for line in event["lines"] for part in readable(line)]:
        _show("\n".join(lines))


def _show(text: str) -> None:
    print(text, flush=True)
