"""The result of an invocation, and the errors of a refused one."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """The result of an invocation."""

    payload: bytes
    """The returned value in JSON; if the function failed, the error in JSON."""

    function_error: str | None
    """`Unhandled` if the function failed, timed out or crashed; else None."""

    executed_version: str
    """The version that ran, also if an alias was invoked."""

    request_id: str
    """Lambda's request id, as in the function's context and logs."""

    log_tail: bytes
    """The last 4 KB of what this invocation logged."""


class InvokeError(Exception):
    """Lambda refused to run the function."""

    def __init__(self, *, code: str, status: int, message: str, reason: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        """AWS's name of the error, such as `ResourceNotFoundException`."""
        self.status = status
        """The HTTP status that Lambda answers with."""
        self.message = message
        """A message of one line."""
        self.reason = reason
        """AWS's `Reason`, if it sends one."""


class ThrottledError(InvokeError):
    """The function's reserved concurrency is in use."""

    def __init__(self) -> None:
        super().__init__(
            code="TooManyRequestsException",
            status=429,
            message="Rate Exceeded.",
            reason="ReservedFunctionConcurrentInvocationLimitExceeded",
        )
