"""A session in which a developer's working copy answers instead of the deployed code.

It belongs to one alias of a function. The deployed variables, role, timeout and memory stay in
force, also those of a version that the alias moves to meanwhile. When the session ends, the alias
runs the deployed code again.
"""

import secrets
from collections.abc import Mapping
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Lock

from local_aws.execution.arns import find_function, is_alias
from local_aws.execution.invocation import InvokeError
from local_aws.execution.service import end_replaced, start
from local_aws.execution.working_copy import WorkingCopy, serve

Event = Mapping[str, object]
"""What a developer is told: `log` with `lines`, `inspector` with its `address`, or `replaced`."""

_WAITING_EVENTS = 10_000  # a developer's command that is stopped by Ctrl-Z reads none

_sessions: dict[str, "Session"] = {}  # by the alias's ARN
_changing = Lock()


class Session:
    """A developer's session; a new one for the same alias takes its place.

    Args:
        alias_arn: The alias.
        inspected: Whether a debugger may attach. Then one process answers all requests, one after
            another and without a limit of time.

    Raises:
        InvokeError: There is no such alias.
    """

    def __init__(self, *, alias_arn: str, inspected: bool) -> None:
        if not is_alias(alias_arn):
            message = f"{alias_arn} is not the ARN of a function's alias"
            raise InvokeError(code="ResourceNotFoundException", status=404, message=message)
        self.id = secrets.token_urlsafe()
        """A random id."""
        self._alias_arn = alias_arn
        self._inspected = inspected
        self._events: Queue[Event] = Queue(_WAITING_EVENTS)
        with _changing:
            before = _sessions.get(alias_arn)
            if before is not None:
                serve(None, alias_arn=alias_arn)
                before.tell({"event": "replaced"})
            _sessions[alias_arn] = self
        end_replaced()

    @property
    def is_open(self) -> bool:
        """Whether it has not ended and no other session has taken its place."""
        return _sessions.get(self._alias_arn) is self

    def load(self, folder: Path) -> list[str] | None:
        """Serve the code in a folder from now on; if it does not load, return the log.

        The code before goes on serving until the new code is loaded, and if it does not load.

        Raises:
            InvokeError: The function is gone or cannot run here, or the session has ended.
        """
        copy = WorkingCopy(folder=folder, inspected=self._inspected, report=self.tell)
        failure = start(find_function(self._alias_arn), copy=copy)
        with _changing:
            if self.is_open and failure is None:
                serve(copy, alias_arn=self._alias_arn)
            else:
                copy.ended = True
        end_replaced()
        if not self.is_open:
            message = "The session has ended."
            raise InvokeError(code="ResourceNotFoundException", status=404, message=message)
        return failure

    def next_event(self, *, seconds: float) -> Event | None:
        """Wait for the next event; return None if there is none in time."""
        try:
            return self._events.get(timeout=seconds)
        except Empty:
            return None

    def end(self) -> None:
        """Restore the deployed code, unless another session has taken the place."""
        with _changing:
            if self.is_open:
                del _sessions[self._alias_arn]
                serve(None, alias_arn=self._alias_arn)
        end_replaced()

    def tell(self, event: Event) -> None:
        """Tell the developer an event."""
        try:
            self._events.put_nowait(event)
        except Full:
            self._events.get_nowait()  # nobody reads; the newest ones matter
            self.tell(event)


def find_session(session_id: str) -> Session | None:
    """Return the open session with an id, if there is one."""
    with _changing:
        open_ones = list(_sessions.values())
    return next((one for one in open_ones if secrets.compare_digest(one.id, session_id)), None)
