"""What an invocation answers, and why one is refused."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """How a function answered."""

    payload: bytes
    """What it returned as JSON; of a failed one the error, as JSON too."""

    function_error: str | None
    """`Unhandled` where the function failed, ran too long or crashed; else None."""

    executed_version: str
    """The version that ran, for an alias too."""

    request_id: str
    """Lambda's own, as in the function's context and logs."""

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
        """One line for the user."""
        self.reason = reason
        """AWS's `Reason` where it sends one."""


class ThrottledError(InvokeError):
    """The function's reserved concurrency is in use."""

    def __init__(self) -> None:
        super().__init__(
            code="TooManyRequestsException",
            status=429,
            message="Rate Exceeded.",
            reason="ReservedFunctionConcurrentInvocationLimitExceeded",
        )
