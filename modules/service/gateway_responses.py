"""Answers that API Gateway gives by itself, without the function."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

PROBLEM = "application/problem+json"


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """A kind of failure, and what the client is told (RFC 9457, Problem Details)."""

    type: str
    title: str
    detail: str
    status: int | None = None
    """HTTP status; None for the two defaults, which stand for many statuses. API Gateway then keeps
    its own status, and the problem details leave it out."""


_ANSWERS = (
    _Answer(
        type="BAD_REQUEST_BODY",
        title="Bad Request",
        status=400,
        detail="The body does not match the schema of this operation.",
    ),
    _Answer(
        type="BAD_REQUEST_PARAMETERS",
        title="Bad Request",
        status=400,
        detail="A required parameter is missing.",
    ),
    _Answer(
        type="UNAUTHORIZED",
        title="Unauthorized",
        status=401,
        detail="Sign in and send a valid access token that allows this.",
    ),
    _Answer(
        type="ACCESS_DENIED",
        title="Forbidden",
        status=403,
        detail="The access token does not allow this.",
    ),
    _Answer(
        # AWS names it after its own APIs; here it means that path or method do not exist.
        type="MISSING_AUTHENTICATION_TOKEN",
        title="Not Found",
        status=404,
        detail="There is no such resource, or it has no such method.",
    ),
    _Answer(
        type="REQUEST_TOO_LARGE",
        title="Content Too Large",
        status=413,
        detail="The request is larger than 10 MB.",
    ),
    _Answer(
        type="THROTTLED",
        title="Too Many Requests",
        status=429,
        detail="Too many requests at once; try again later.",
    ),
    _Answer(
        type="INTEGRATION_TIMEOUT",
        title="Gateway Timeout",
        status=504,
        detail="The answer took too long; whether the request took effect is not known.",
    ),
    _Answer(
        type="DEFAULT_4XX",
        title="Request refused",
        detail="The request cannot be handled.",
    ),
    _Answer(
        type="DEFAULT_5XX",
        title="Internal Server Error",
        detail="Something went wrong; try again later.",
    ),
)
"""API Gateway Developer Guide, Gateway response types."""


def gateway_responses() -> Mapping[str, object]:
    """Return the answers in API Gateway's form, by type.

    They are problem details for every failure before the function, without internal details.
    `correlationId` is API Gateway's request id, which is also in the access log.
    """
    return {
        answer.type: {
            **({"statusCode": answer.status} if answer.status else {}),
            "responseParameters": {
                "gatewayresponse.header.Content-Type": f"'{PROBLEM}'",
                "gatewayresponse.header.Cache-Control": "'no-store'",
            },
            "responseTemplates": {"application/json": _template(answer)},
        }
        for answer in _ANSWERS
    }


def _template(answer: _Answer) -> str:
    return json.dumps(
        {
            "type": "about:blank",
            "title": answer.title,
            **({"status": answer.status} if answer.status else {}),
            "detail": answer.detail,
            "correlationId": "$context.requestId",
        }
    )
