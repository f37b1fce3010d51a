"""What an invocation answers, and why one is refused."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """How a function answered.

    Attributes:
        payload: What it returned as JSON; of a failed one the error, as JSON too.
        function_error: `Unhandled` where the function failed, ran too long or crashed; else None.
        executed_version: The version that ran, for an alias too.
        request_id: Lambda's own, as in the function's context and logs.
        log_tail: The last 4 KB of what this invocation logged.
    """

    payload: bytes
    function_error: str | None
    executed_version: str
    request_id: str
    log_tail: bytes


class InvokeError(Exception):
    """Lambda refused to run the function.

    Attributes:
        code: AWS's name of the error, such as `ResourceNotFoundException`.
        status: HTTP status that Lambda answers with.
        message: One line for the user.
        reason: AWS's `Reason` where it sends one.
    """

    def __init__(self, *, code: str, status: int, message: str, reason: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.status = status
        self.message = message
        self.reason = reason


class ThrottledError(InvokeError):
    """The function's reserved concurrency is in use."""

    def __init__(self) -> None:
        super().__init__(
            code="TooManyRequestsException",
            status=429,
            message="Rate Exceeded.",
            reason="ReservedFunctionConcurrentInvocationLimitExceeded",
        )
