"""Runs a Lambda@Edge function on a viewer request.

CloudFront Developer Guide, Lambda@Edge event structure, and Restrictions on Lambda@Edge.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from werkzeug.datastructures import Headers

from local_aws import execution
from local_aws.regions import GLOBAL_REGION
from local_aws.requests.distribution.failures import DistributionError
from local_aws.requests.messages import Request, Response, multi_headers
from local_aws.requests.unsupported import UnsupportedError

_UNSUPPORTED = 501


def run_edge_function(
    request: Request,
    *,
    arn: str,
    distribution_id: str,
    domain_name: str,
    request_id: str,
    region: str,
) -> Request | Response:
    """Return what the function makes of a viewer's request: another request, or an answer.

    Args:
        request: As the viewer sent it.
        arn: Of the function's version.
        distribution_id: Which distribution asks.
        domain_name: Of the distribution.
        request_id: CloudFront's own.
        region: Where the function runs.

    Raises:
        DistributionError: The function failed, or answered what CloudFront does not take.
        UnsupportedError: It cannot be run here.
    """
    qualifier = arn.rpartition(":")[2]
    if arn.split(":")[3] != GLOBAL_REGION or not qualifier.isdecimal():
        reason = f"{arn} is no numbered version of a function in {GLOBAL_REGION}"
        raise DistributionError(status=503, reason=reason)
    described = _describe(request)
    event = {
        "config": {
            "distributionDomainName": domain_name,
            "distributionId": distribution_id,
            "eventType": "viewer-request",
            "requestId": request_id,
        },
        "request": described,
    }
    returned = _invoke(arn, {"Records": [{"cf": event}]}, region)
    if "status" in returned:
        return _answer(returned)
    return _changed(request, described, returned)


def _describe(request: Request) -> dict[str, Any]:
    headers = multi_headers(request.headers)
    return {
        "clientIp": request.source_ip,
        "headers": {
            name.lower(): [{"key": name, "value": value} for value in values]
            for name, values in headers.items()
        },
        "method": request.method,
        "querystring": request.query,
        "uri": request.path,
    }


def _invoke(arn: str, event: Mapping[str, Any], region: str) -> dict[str, Any]:
    try:
        invocation = execution.invoke(
            arn=arn, payload=json.dumps(event).encode(), edge_region=region
        )
    except execution.InvokeError as error:
        if error.status == _UNSUPPORTED:
            raise UnsupportedError(error.message) from error
        raise DistributionError(status=503, reason=str(error)) from error
    if invocation.function_error:
        reason = f"{arn} failed: {invocation.payload.decode()}"
        raise DistributionError(status=503, reason=reason)
    returned: object = json.loads(invocation.payload)
    if not isinstance(returned, dict):
        raise _invalid(what="returned no object")
    return cast("dict[str, Any]", returned)


def _changed(request: Request, described: dict[str, Any], returned: dict[str, Any]) -> Request:
    """Return the request as the function changed it; method and host it must not change."""
    for name in ("method", "clientIp"):
        if returned.get(name, described[name]) != described[name]:
            raise _invalid(what=f"changed {name}, which is read-only")
    if returned.get("headers", {}).get("host") != described["headers"]["host"]:
        raise _invalid(what="changed the header Host, which is read-only")
    path, query = returned.get("uri"), returned.get("querystring")
    if not isinstance(path, str) or not path.startswith("/") or not isinstance(query, str):
        raise _invalid(what="returned a uri or querystring that is none")
    return replace(request, path=path, query=query, headers=_headers(returned["headers"]))


def _answer(returned: dict[str, Any]) -> Response:
    try:
        status = int(returned["status"])
        body = returned.get("body") or ""
        encoded = returned.get("bodyEncoding") == "base64"
        content = base64.b64decode(body, validate=True) if encoded else body.encode()
    except (AttributeError, TypeError, ValueError, binascii.Error) as error:
        raise _invalid(what=f"returned an answer of another form: {error}") from error
    headers = _headers(returned.get("headers") or {})
    return Response(status=status, headers=headers, body=content)


def _headers(described: Mapping[str, Any]) -> Headers:
    try:
        return Headers(
            [
                (value.get("key") or name, value["value"])
                for name, values in described.items()
                for value in values
            ]
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _invalid(what=f"returned headers of another form: {error}") from error


def _invalid(*, what: str) -> DistributionError:
    return DistributionError(status=502, reason=f"The edge function {what}")
