"""The execution environments of a function.

Lambda starts a new environment for each event that finds none idle. Here at most `ENVIRONMENTS` run
at once, to spare the machine, and further events wait. Waiting events count as running, so reserved
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
"""The maximum number of processes of one function."""

UNUSED_SECONDS = 60.0
"""The minimum time that an idle environment is kept. Afterwards it ends when another one starts.
AWS does not publish how long Lambda keeps environments."""


class Pool:
    """The environments of all versions of one function."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._idle: list[ExecutionEnvironment] = []
        self._busy: list[ExecutionEnvironment] = []
        self._starting: list[FunctionVersion] = []
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
        """Lend an environment of a version, preferably an idle one.

        Args:
            version: The version to run.
            start: A function that starts a new environment.
            reserved_concurrency: The maximum number of events at once; None means no limit.

        Raises:
            ThrottledError: The reserved concurrency is in use.
            InvokeError: The embedded AWS is stopping.
        """
        with self._changed:
            if reserved_concurrency is not None and self._invocations >= reserved_concurrency:
                raise ThrottledError
            self._invocations += 1
        try:
            environment = self._take(version) or self._start(version, start)
            try:
                yield environment
            finally:
                self._give_back(environment)
        finally:
            with self._changed:
                self._invocations -= 1

    def retire(self, version: str | None = None) -> None:
        """End the environments of a version, or all; busy ones end after their event."""
        with self._changed:
            for environment in self._busy:
                environment.retired |= version in {None, environment.version.version}
            ending = [
                environment
                for environment in self._idle
                if version in {None, environment.version.version}
            ]
            self._remove_idle(ending)

    def end_replaced(self) -> None:
        """End the environments of working copies that were replaced.

        Busy ones end after their event, but at once if a debugger may have paused them.
        """
        with self._changed:
            self._remove_idle([other for other in self._idle if not other.usable])
            for environment in self._busy:
                copy = environment.version.working_copy
                if copy is not None and copy.ended and copy.inspected:
                    environment.end()

    def end_unused(self) -> None:
        """End the environments that were idle for longer than `UNUSED_SECONDS`."""
        with self._changed:
            limit = time.monotonic() - UNUSED_SECONDS
            self._remove_idle([other for other in self._idle if other.used_at < limit])

    def end(self) -> None:
        """End all environments at once, including busy ones, and start no more."""
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
                if self._must_share(version):
                    self._changed.wait()
                    continue
                if len(self._idle) + len(self._busy) + len(self._starting) < ENVIRONMENTS:
                    self._starting.append(version)
                    return None
                if self._idle:
                    self._remove_idle(self._idle[:1])  # of another version
                else:
                    self._changed.wait()

    def _must_share(self, version: FunctionVersion) -> bool:
        """Return whether a version must wait: a debugger attaches to one process, which is busy."""
        copy = version.working_copy
        busy = (*(environment.version for environment in self._busy), *self._starting)
        return copy is not None and copy.inspected and version in busy

    def _start(
        self, version: FunctionVersion, start: Callable[[], ExecutionEnvironment]
    ) -> ExecutionEnvironment:
        try:
            environment = start()
        except BaseException:
            with self._changed:
                self._starting.remove(version)
                self._changed.notify_all()
            raise
        with self._changed:
            self._starting.remove(version)
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
            self._changed.notify_all()

    def _remove_idle(self, environments: list[ExecutionEnvironment]) -> None:
        for environment in environments:
            self._idle.remove(environment)
            environment.end()
        self._changed.notify_all()
