"""Invokes the function that a method integrates."""

import json
import re
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError

from moto.utilities.utils import get_partition

from local_aws import execution
from local_aws.extensions.apigateway.snapshot import Integration, Snapshot
from local_aws.requests.messages import Request, Response
from local_aws.requests.rest_api.context import Context
from local_aws.requests.rest_api.failures import GatewayError
from local_aws.requests.rest_api.proxy_event import proxy_event
from local_aws.requests.rest_api.proxy_response import proxy_response
from local_aws.requests.unsupported import UnsupportedError
from local_aws.service_principals import API_GATEWAY

_URI = re.compile(r":lambda:path/[^/]+/functions/(?P<arn>arn:[^/]+)/invocations$")
_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")
_TOO_LARGE = 413
_UNSUPPORTED = 501

# Invocations run in threads, because a function continues after API Gateway stops waiting for it.
_waiting = ThreadPoolExecutor(max_workers=1000, thread_name_prefix="integration")


def integrate(
    request: Request,
    *,
    integration: Integration | None,
    snapshot: Snapshot,
    context: Context,
    path_parameters: Mapping[str, str],
) -> Response:
    """Return the function's response, and add the invocation's outcome to the context.

    Raises:
        GatewayError: The function may not be invoked, failed, timed out or returned another form.
        UnsupportedError: The integration has another type, or the function cannot run here.
    """
    arn = _function_arn(integration, context)
    if integration is None or arn is None:
        type_ = integration.type if integration else "no integration"
        message = (
            "The embedded AWS runs integrations of type AWS_PROXY with Lambda only; this method has"
            f" {type_}."
        )
        raise UnsupportedError(message)
    if integration.http_method != "POST":
        log = (
            "Execution failed due to configuration error: a Lambda function is invoked with POST,"
            f" not {integration.http_method}"
        )
        raise GatewayError(type_="API_CONFIGURATION_ERROR", log=log)
    _require_permission(arn, snapshot, context)
    event = proxy_event(
        request,
        context=context,
        path_parameters=path_parameters,
        binary_media_types=snapshot.binary_media_types,
    )
    started = time.monotonic()
    try:
        invocation = _invoke(arn, json.dumps(event).encode(), integration, context)
    except GatewayError as error:
        _record(context, {"error": error.log}, started)
        raise
    known = {"integrationStatus": 200, "requestId": invocation.request_id, "status": 200}
    if invocation.function_error:
        log = _function_failure(invocation)
        _record(context, known | {"error": log}, started)
        raise GatewayError(type_="DEFAULT_5XX", log=log)
    _record(context, known, started)
    response = proxy_response(
        invocation.payload,
        request=request,
        context=context,
        binary_media_types=snapshot.binary_media_types,
    )
    context.variables["integration"]["status"] = response.status
    return response


def _function_arn(integration: Integration | None, context: Context) -> str | None:
    if integration is None or integration.type != "AWS_PROXY":
        return None
    uri = _STAGE_VARIABLE.sub(
        lambda found: context.stage_variables.get(found[1], ""), integration.uri
    )
    found = _URI.search(uri)
    return found["arn"] if found else None


def _require_permission(arn: str, snapshot: Snapshot, context: Context) -> None:
    variables = context.variables
    source = (
        f"arn:{get_partition(snapshot.region)}:execute-api:{snapshot.region}:{snapshot.account}"
        f":{snapshot.api_id}/{variables['stage']}/{variables['httpMethod']}{variables['resourcePath']}"
    )
    allowed = execution.is_allowed(
        arn=arn, principal=API_GATEWAY, source_arn=source, source_account=snapshot.account
    )
    if not allowed:
        log = (
            "Execution failed due to configuration error: Invalid permissions on Lambda function:"
            f" {API_GATEWAY} may not invoke {arn} for {source}"
        )
        raise GatewayError(type_="API_CONFIGURATION_ERROR", log=log)


def _invoke(
    arn: str, payload: bytes, integration: Integration, context: Context
) -> execution.Invocation:
    invocation = _waiting.submit(
        execution.invoke, arn=arn, payload=payload, trace_id=context.trace_id
    )
    timeout = None if execution.may_pause(arn=arn) else integration.timeout_seconds
    try:
        return invocation.result(timeout=timeout)
    except FutureTimeoutError as error:
        log = "Execution failed due to a timeout error"
        raise GatewayError(type_="INTEGRATION_TIMEOUT", log=log) from error
    except execution.InvokeError as error:
        if error.status == _UNSUPPORTED:
            raise UnsupportedError(error.message) from error
        too_large = error.status == _TOO_LARGE
        type_ = "REQUEST_TOO_LARGE" if too_large else "API_CONFIGURATION_ERROR"
        log = f"Execution failed due to configuration error: {error.message}"
        raise GatewayError(type_=type_, log=log) from error


def _record(context: Context, integration: Mapping[str, object], started: float) -> None:
    latency = round((time.monotonic() - started) * 1000)
    context.variables.update(
        integration={**integration, "latency": latency},
        integrationLatency=latency,
        integrationStatus=integration.get("integrationStatus"),
        integrationErrorMessage=integration.get("error"),
    )


def _function_failure(invocation: execution.Invocation) -> str:
    said = json.loads(invocation.payload).get("errorMessage", "")
    return (
        f"Lambda execution failed with status 200 due to customer function error: {said}."
        f" Lambda request id: {invocation.request_id}"
    )
