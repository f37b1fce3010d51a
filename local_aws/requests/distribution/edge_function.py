"""Runs a Lambda@Edge function on a viewer request.

Source: CloudFront Developer Guide, Lambda@Edge event structure and Restrictions on Lambda@Edge.
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
    """Return the result of the function for a viewer's request: a changed request or a response.

    Args:
        request: The request of the viewer.
        arn: The ARN of the function's version.
        distribution_id: The id of the distribution.
        domain_name: The domain name of the distribution.
        request_id: CloudFront's id of the request.
        region: The region where the function runs.

    Raises:
        DistributionError: The function failed, or returned what CloudFront does not accept.
        UnsupportedError: The function cannot run here.
    """
    qualifier = arn.rpartition(":")[2]
    if arn.split(":")[3] != GLOBAL_REGION or not qualifier.isdecimal():
        reason = f"{arn} is not a numbered version of a function in {GLOBAL_REGION}"
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
        return _response(returned)
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
        raise _invalid(what="did not return an object")
    return cast("dict[str, Any]", returned)


def _changed(request: Request, described: dict[str, Any], returned: dict[str, Any]) -> Request:
    """Return the changed request; the function must not change method and host."""
    for name in ("method", "clientIp"):
        if returned.get(name, described[name]) != described[name]:
            raise _invalid(what=f"changed {name}, which is read-only")
    if returned.get("headers", {}).get("host") != described["headers"]["host"]:
        raise _invalid(what="changed the header Host, which is read-only")
    path, query = returned.get("uri"), returned.get("querystring")
    if not isinstance(path, str) or not path.startswith("/") or not isinstance(query, str):
        raise _invalid(what="returned an invalid uri or querystring")
    return replace(request, path=path, query=query, headers=_headers(returned["headers"]))


def _response(returned: dict[str, Any]) -> Response:
    try:
        status = int(returned["status"])
        body = returned.get("body") or ""
        encoded = returned.get("bodyEncoding") == "base64"
        content = base64.b64decode(body, validate=True) if encoded else body.encode()
    except (AttributeError, TypeError, ValueError, binascii.Error) as error:
        raise _invalid(what=f"returned an invalid response: {error}") from error
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
        raise _invalid(what=f"returned invalid headers: {error}") from error


def _invalid(*, what: str) -> DistributionError:
    return DistributionError(status=502, reason=f"The edge function {what}")
