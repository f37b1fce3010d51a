"""Errors that API Gateway answers itself."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Kind:
    """The default of one type of gateway response."""

    status: int
    message: str
    error_type: str
    """The value of the header `x-amzn-ErrorType`."""


_INTERNAL = "Internal server error"
_SERVER_ERROR = "InternalServerErrorException"

KINDS = {
    "ACCESS_DENIED": Kind(
        status=403,
        message="User is not authorized to access this resource",
        error_type="AccessDeniedException",
    ),
    "API_CONFIGURATION_ERROR": Kind(status=500, message=_INTERNAL, error_type=_SERVER_ERROR),
    "BAD_REQUEST_BODY": Kind(
        status=400, message="Invalid request body", error_type="BadRequestException"
    ),
    "BAD_REQUEST_PARAMETERS": Kind(
        status=400,
        message="Missing required request parameters",
        error_type="BadRequestException",
    ),
    # For errors without their own type: the function failed, or its result is not a valid response.
    "DEFAULT_5XX": Kind(status=502, message=_INTERNAL, error_type=_SERVER_ERROR),
    "INTEGRATION_TIMEOUT": Kind(
        status=504, message="Endpoint request timed out", error_type=_SERVER_ERROR
    ),
    "MISSING_AUTHENTICATION_TOKEN": Kind(
        status=403,
        message="Missing Authentication Token",
        error_type="MissingAuthenticationTokenException",
    ),
    "REQUEST_TOO_LARGE": Kind(
        status=413, message="Request Too Long", error_type="RequestTooLargeException"
    ),
    "THROTTLED": Kind(
        status=429, message="Too Many Requests", error_type="TooManyRequestsException"
    ),
    "UNAUTHORIZED": Kind(status=401, message="Unauthorized", error_type="UnauthorizedException"),
}
"""The types of gateway responses (API Gateway Developer Guide, Gateway response types)."""


class GatewayError(Exception):
    """API Gateway answers a request with its own error."""

    def __init__(
        self,
        *,
        type_: str,
        message: str | None = None,
        validation_error: str | None = None,
        log: str | None = None,
    ) -> None:
        self.type = type_
        """One of `KINDS`."""
        self.kind = KINDS[type_]
        self.message = message or self.kind.message
        """The message for the client."""
        self.validation_error = validation_error
        """The reason why the body is invalid."""
        self.log = log
        """The cause, for the execution log."""
        super().__init__(self.message)
