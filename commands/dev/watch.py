"""Notices saved files."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from watchfiles import watch

_STEP_MILLIS = 20
"""How long no further file may change until a change is told; editors write several at a save."""


class Watcher:
    """Watches folders until it is stopped.

    Args:
        trees: Folders to watch with all that is in them.
        folders: Folders to watch without the folders in them.
        saved: Called from another thread with the files that were saved, created or deleted.
    """

    def __init__(
        self, *, trees: list[Path], folders: list[Path], saved: Callable[[set[Path]], None]
    ) -> None:
        self._saved = saved
        self._stopped = Event()
        self._threads = [
            Thread(target=self._watch, args=[watched, recursive], daemon=True)
            for watched, recursive in ((trees, True), (folders, False))
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _watch(self, watched: list[Path], recursive: bool) -> None:  # noqa: FBT001  # a thread's argument
        # The default filter leaves out editors' temporary files.
        for changes in watch(
            *watched,
            step=_STEP_MILLIS,
            stop_event=self._stopped,
            recursive=recursive,
        ):
            self._saved({Path(name) for _, name in changes})
