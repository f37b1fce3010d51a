"""Runs a function's bundle in a Node.js process, as a Lambda execution environment does."""

import json
import os
import subprocess
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any

from modules.bindings import find_node

_CONTAINER = Path(__file__).parents[2] / "container"
_ANSWER_SECONDS = 60.0
_MARK = "=> "


class FunctionError(Exception):
    """The handler raised an error; the message is the handler's."""


class NodeFunction:
    """A process that runs a bundle; it ends with the `with` block.

    Args:
        bundle: File of the bundle.
        environment: Environment variables of the process, in addition to `PATH`.
    """

    def __init__(self, *, bundle: Path, environment: Mapping[str, str]) -> None:
        self._waiting: dict[int, Future[Any]] = {}
        self._log: list[str] = []
        self._process = subprocess.Popen(
            [str(find_node()), str(_CONTAINER / "test" / "support" / "invoke.ts"), str(bundle)],
            env={"PATH": os.environ["PATH"], **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "NodeFunction":  # noqa: PYI034  # Self came with Python 3.11
        """Return the function, whose process runs already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        self._process.kill()
        self._reader.join()
        self._process.communicate()

    def start(self, event: object) -> Future[Any]:
        """Invoke the handler without waiting for its answer."""
        answer: Future[Any] = Future()
        number = len(self._waiting)
        self._waiting[number] = answer
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "event": event}) + "\n")
        self._process.stdin.flush()
        return answer

    def invoke(self, event: object) -> Any:  # noqa: ANN401  # whatever the handler returns
        """Invoke the handler and return its answer.

        Raises:
            FunctionError: The handler raised an error.
            TimeoutError: It did not answer.
        """
        return self.start(event).result(_ANSWER_SECONDS)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.startswith(_MARK):
                self._log.append(line)
                continue
            answer = json.loads(line.removeprefix(_MARK))
            waiting = self._waiting[answer["id"]]
            if "error" in answer:
                waiting.set_exception(FunctionError(answer["error"]))
            else:
                waiting.set_result(answer["result"])
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(FunctionError("the process ended: " + "".join(self._log)))
