"""Builds the response to an error from the API's gateway responses."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qs

from werkzeug.datastructures import Headers

from local_aws.extensions.apigateway.snapshot import GatewayResponse
from local_aws.requests.messages import Request, Response
from local_aws.requests.rest_api.context import Context
from local_aws.requests.rest_api.failures import GatewayError

_JSON = "application/json"
_DEFAULT = GatewayResponse(
    status=None, parameters={}, templates={_JSON: '{"message":$context.error.messageString}'}
)
_SERVER_ERRORS = 500
_HEADER = "gatewayresponse.header."


def gateway_response(
    error: GatewayError,
    *,
    customised: Mapping[str, GatewayResponse],
    context: Context,
    request: Request,
    path_parameters: Mapping[str, str],
) -> Response:
    """Return the response to a failed request, and add the error to its context."""
    fallback = "DEFAULT_5XX" if error.kind.status >= _SERVER_ERRORS else "DEFAULT_4XX"
    wording = customised.get(error.type) or customised.get(fallback) or _DEFAULT
    context.variables["error"] = {
        "message": error.message,
        "messageString": json.dumps(error.message),
        "responseType": error.type,
        "validationErrorString": error.validation_error,
    }
    content_type, template = _template(wording, request)
    headers = Headers(
        {
            "Content-Type": content_type,
            "x-amzn-RequestId": context.variables["requestId"],
            "x-amzn-ErrorType": error.kind.error_type,
            "x-amz-apigw-id": context.variables["extendedRequestId"],
        }
    )
    for name, source in wording.parameters.items():
        value = _parameter(source, context, request, path_parameters)
        if name.startswith(_HEADER) and value is not None:
            headers[name.removeprefix(_HEADER)] = value
    return Response(
        status=wording.status or error.kind.status,
        headers=headers,
        body=context.render(template, unknown="").encode(),
    )


def _template(wording: GatewayResponse, request: Request) -> tuple[str, str]:
    """Return the template of the media type that the client accepts, or else of JSON."""
    templates = wording.templates or _DEFAULT.templates
    accepted = request.headers.get("Accept", "").partition(",")[0].partition(";")[0].strip()
    for content_type in (accepted, _JSON):
        if content_type in templates:
            return content_type, templates[content_type]
    return next(iter(templates.items()))


def _parameter(
    source: str, context: Context, request: Request, path_parameters: Mapping[str, str]
) -> str | None:
    """Return the value of a header: a quoted text, or a part of the request."""
    if source.startswith("'"):
        return source.strip("'")
    kind, _, name = source.removeprefix("method.request.").partition(".")
    if kind == "context":
        return context.look_up(name)
    if kind == "header":
        return request.headers.get(name)
    if kind == "querystring":
        return parse_qs(request.query, keep_blank_values=True).get(name, [None])[-1]
    if kind == "path":
        return path_parameters.get(name)
    return context.stage_variables.get(name) if kind == "stageVariables" else None
