"""The execution environments of a function.

Lambda starts one for each event that finds none idle. Here at most `ENVIRONMENTS` run at once, as
a machine has its limits; further events wait for one. They count as running, so that reserved
concurrency throttles at the same number as on AWS.
"""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Condition

from local_aws.execution.environment import ExecutionEnvironment
from local_aws.execution.function_version import FunctionVersion
from local_aws.execution.invocation import InvokeError, ThrottledError

ENVIRONMENTS = 10
"""Most processes of one function."""

UNUSED_SECONDS = 60.0
"""How long an environment is kept at least; one that waited longer ends when another starts. Lambda
does not say how long it keeps them."""


class Pool:
    """The environments of all versions of one function."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._idle: list[ExecutionEnvironment] = []
        self._busy: list[ExecutionEnvironment] = []
        self._starting = 0
        self._invocations = 0
        self._ended = False

    @contextmanager
    def environment(
        self,
        version: FunctionVersion,
        *,
        start: Callable[[], ExecutionEnvironment],
        reserved_concurrency: int | None,
    ) -> Generator[ExecutionEnvironment]:
        """Lend an environment of a version, a warm one if there is one.

        Args:
            version: What it must run.
            start: Starts a new one.
            reserved_concurrency: Most events at once; None if the function reserved none.

        Raises:
            ThrottledError: that many are under way.
            InvokeError: the embedded AWS is stopping.
        """
        with self._changed:
            if reserved_concurrency is not None and self._invocations >= reserved_concurrency:
                raise ThrottledError
            self._invocations += 1
        try:
            environment = self._take(version) or self._start(start)
            try:
                yield environment
            finally:
                self._give_back(environment)
        finally:
            with self._changed:
                self._invocations -= 1

    def retire(self, version: str | None = None) -> None:
        """End the environments of a version, or all; busy ones after their event."""
        with self._changed:
            for environment in self._busy:
                environment.retired |= version in {None, environment.version.version}
            ending = [
                environment
                for environment in self._idle
                if version in {None, environment.version.version}
            ]
            self._remove_idle(ending)

    def end_unused(self) -> None:
        """End the environments that nobody has needed for some time."""
        with self._changed:
            limit = time.monotonic() - UNUSED_SECONDS
            self._remove_idle([other for other in self._idle if other.used_at < limit])

    def end(self) -> None:
        """End all environments at once, busy ones too, and start no more."""
        with self._changed:
            self._ended = True
            for environment in (*self._idle, *self._busy):
                environment.end()
            self._changed.notify_all()

    def _take(self, version: FunctionVersion) -> ExecutionEnvironment | None:
        """Take an idle environment; None if there is room to start one."""
        with self._changed:
            while True:
                if self._ended:
                    message = "The embedded AWS is stopping."
                    raise InvokeError(code="ServiceException", status=500, message=message)
                self._remove_idle([other for other in self._idle if not other.usable])
                for environment in reversed(self._idle):
                    if environment.version == version:
                        self._idle.remove(environment)
                        self._busy.append(environment)
                        return environment
                if len(self._idle) + len(self._busy) + self._starting < ENVIRONMENTS:
                    self._starting += 1
                    return None
                if self._idle:
                    self._remove_idle(self._idle[:1])  # of another version
                else:
                    self._changed.wait()

    def _start(self, start: Callable[[], ExecutionEnvironment]) -> ExecutionEnvironment:
        try:
            environment = start()
        except BaseException:
            with self._changed:
                self._starting -= 1
                self._changed.notify()
            raise
        with self._changed:
            self._starting -= 1
            self._busy.append(environment)
        return environment

    def _give_back(self, environment: ExecutionEnvironment) -> None:
        with self._changed:
            self._busy.remove(environment)
            environment.used_at = time.monotonic()
            if environment.usable:
                self._idle.append(environment)
            else:
                environment.end()
            self._changed.notify()

    def _remove_idle(self, environments: list[ExecutionEnvironment]) -> None:
        for environment in environments:
            self._idle.remove(environment)
            environment.end()
        self._changed.notify_all()
