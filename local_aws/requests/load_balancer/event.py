"""Builds the event that a function gets from a load balancer.

Source: Application Load Balancers User Guide, Use Lambda functions as targets: receive events.
"""

import base64
from typing import Any

from local_aws.requests.media_types import media_type
from local_aws.requests.messages import Request, last_values, multi_values

_TEXTS = {"application/javascript", "application/json", "application/xml"}


def balancer_event(
    request: Request,
    *,
    target_group_arn: str,
    headers: list[tuple[str, str]],
    multi_value: bool,
) -> dict[str, Any]:
    """Return the event, with path and query as they were sent.

    Args:
        request: The request of the client.
        target_group_arn: The target group of the function.
        headers: The headers of the client, and those that the load balancer adds.
        multi_value: Whether headers and parameters are lists; otherwise the last value counts.
    """
    collected_headers = multi_values((name.lower(), value) for name, value in headers)
    query = multi_values(_query(request.query))
    encoded = bool(request.body) and _is_encoded(request)
    if multi_value:
        values: dict[str, Any] = {
            "multiValueQueryStringParameters": query,
            "multiValueHeaders": collected_headers,
        }
    else:
        values = {
            "queryStringParameters": last_values(query),
            "headers": last_values(collected_headers),
        }
    return {
        "requestContext": {"elb": {"targetGroupArn": target_group_arn}},
        "httpMethod": request.method,
        "path": request.path,
        **values,
        "body": base64.b64encode(request.body).decode() if encoded else request.body.decode(),
        "isBase64Encoded": encoded,
    }


def _query(query: str) -> list[tuple[str, str]]:
    parameters = (parameter.partition("=") for parameter in query.split("&") if parameter)
    return [(name, value) for name, _, value in parameters]


def _is_encoded(request: Request) -> bool:
    """Return whether a body must be encoded in base64, because it is not plain text."""
    type_ = media_type(request.headers.get("Content-Type", ""))
    if "Content-Encoding" in request.headers or not (type_.startswith("text/") or type_ in _TEXTS):
        return True
    try:
        request.body.decode()
    except UnicodeDecodeError:
        return True
    return False
