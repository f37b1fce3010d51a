"""Validates requests with a method's request validator.

Source: API Gateway Developer Guide, Request validation for REST APIs. Names of required headers are
compared with case, as the guide says of mappings, so a client of HTTP/2 may be refused, because it
sends them in small letters. It is not certain that AWS does so. Content types are compared without
case.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

from jsonschema import Draft4Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

from local_aws.extensions.apigateway.snapshot import Method, Snapshot
from local_aws.requests.media_types import media_type
from local_aws.requests.messages import Request
from local_aws.requests.rest_api.failures import GatewayError

_ANY_TYPE = "$default"
_JSON = "application/json"


def validate(
    request: Request,
    *,
    method: Method,
    snapshot: Snapshot,
    path_parameters: Mapping[str, str],
) -> None:
    """Validate the parts of a request that the method's validator names.

    Raises:
        GatewayError: A required parameter is missing, or the body does not match its model.
    """
    validator = snapshot.validators.get(method.validator_id or "")
    if validator is None:
        return
    if validator.parameters:
        _validate_parameters(request, method, path_parameters)
    if validator.body:
        _validate_body(request, method, snapshot)


def _validate_parameters(
    request: Request, method: Method, path_parameters: Mapping[str, str]
) -> None:
    given = {
        "header": {name for name, _ in request.headers},
        "querystring": parse_qs(request.query, keep_blank_values=True),
        "path": path_parameters,
    }
    missing: list[str] = []
    for parameter, required in sorted(method.parameters.items()):
        kind, _, name = parameter.removeprefix("method.request.").partition(".")
        if required and name not in given[kind]:
            missing.append(name)
    if missing:
        message = f"Missing required request parameters: [{', '.join(missing)}]"
        raise GatewayError(type_="BAD_REQUEST_PARAMETERS", message=message, log=message)


def _validate_body(request: Request, method: Method, snapshot: Snapshot) -> None:
    """Validate the body with the model of its content type, if there is one."""
    type_ = media_type(request.headers.get("Content-Type", _JSON))
    models = {name.lower(): model for name, model in method.models.items()}
    model = models.get(type_) or models.get(_ANY_TYPE)
    if model is None or model not in snapshot.models:
        return
    try:
        # A missing body counts as an empty object.
        content = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as error:
        raise _invalid(type_, ["the body is not JSON"]) from error
    errors = _validator(snapshot.models[model], _references(snapshot)).iter_errors(content)
    if messages := sorted(error.message for error in errors):
        raise _invalid(type_, messages)


def _invalid(content_type: str, messages: Sequence[str]) -> GatewayError:
    what = f"[{', '.join(messages)}]"
    log = f"Request body does not match model schema for content type {content_type}: {what}"
    return GatewayError(type_="BAD_REQUEST_BODY", validation_error=what, log=log)


def _references(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """Return the schemas with the URLs by which models refer to each other."""
    base = f"https://apigateway.amazonaws.com/restapis/{snapshot.api_id}/models"
    return tuple((f"{base}/{name}", schema) for name, schema in snapshot.models.items())


@lru_cache(maxsize=100)
def _validator(schema: str, references: tuple[tuple[str, str], ...]) -> Any:  # noqa: ANN401  # the library's types are incomplete
    resources = (
        (address, DRAFT4.create_resource(json.loads(text))) for address, text in references
    )
    registry: Any = Registry
    return Draft4Validator(json.loads(schema), registry=registry().with_resources(resources))
