"""Calls that API Gateway refuses; moto 5.2.5 accepts them.

- CreateResource: a second path parameter, or a second resource of the same name, beside a sibling.
- PutMethod: a method that exists, a parameter with an invalid name, and an authorizer, validator or
  model that does not exist.
- CreateModel: an invalid name or schema.
- PutGatewayResponse: an unknown type.
- PutIntegration: a timeout outside the limits.
- CreateDeployment: a method without integration.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from jsonschema import Draft4Validator, SchemaError
from moto.apigateway.exceptions import (
    BadRequestException,
    ConflictException,
    NoIntegrationDefined,
    ResourceIdNotFoundException,
)
from moto.apigateway.models import (
    APIGatewayBackend,
    Deployment,
    GatewayResponse,
    Integration,
    Method,
    Model,
    Resource,
    RestAPI,
)

from local_aws.graft import graft
from review.limits import apigateway

_create_resource = APIGatewayBackend.create_resource
_put_method = APIGatewayBackend.put_method
_create_model = APIGatewayBackend.create_model
_create_deployment = APIGatewayBackend.create_deployment
_put_gateway_response = APIGatewayBackend.put_gateway_response
_put_integration = APIGatewayBackend.put_integration

_PARAMETER_NAME = "^[a-zA-Z0-9._$-]+$"
_MODEL_NAME = "^[a-zA-Z0-9]+$"
_CANONICAL_REFERENCE = re.compile(r"https://apigateway\.amazonaws\.com/restapis/|#/definitions/|#$")
_UNSUPPORTED_KEYWORDS = frozenset(
    {"default", "discriminator", "example", "externalDocs", "nullable", "readOnly", "writeOnly"}
)
"""Keywords of OpenAPI's schemas that JSON Schema draft 4 lacks or that models do not take."""

_BUILT_IN_MODELS = frozenset({"Empty", "Error"})
_NOT_CUSTOMISABLE = "Invalid gateway response type specified"
_GATEWAY_RESPONSES = frozenset(
    {
        "ACCESS_DENIED",
        "API_CONFIGURATION_ERROR",
        "AUTHORIZER_CONFIGURATION_ERROR",
        "AUTHORIZER_FAILURE",
        "BAD_REQUEST_BODY",
        "BAD_REQUEST_PARAMETERS",
        "DEFAULT_4XX",
        "DEFAULT_5XX",
        "EXPIRED_TOKEN",
        "INTEGRATION_FAILURE",
        "INTEGRATION_TIMEOUT",
        "INVALID_API_KEY",
        "INVALID_SIGNATURE",
        "MISSING_AUTHENTICATION_TOKEN",
        "QUOTA_EXCEEDED",
        "REQUEST_TOO_LARGE",
        "RESOURCE_NOT_FOUND",
        "THROTTLED",
        "UNAUTHORIZED",
        "UNSUPPORTED_MEDIA_TYPE",
        "WAF_FILTERED",
    }
)
"""API Gateway Developer Guide, Gateway response types."""


@graft
class _Backend(APIGatewayBackend):
    def create_resource(
        self, function_id: str, parent_resource_id: str, path_part: str
    ) -> Resource:
        api = self.get_rest_api(function_id)
        if parent_resource_id not in api.resources:
            raise ResourceIdNotFoundException
        for sibling in api.resources.values():
            if sibling.parent_id == parent_resource_id:
                _check_sibling(sibling.path_part, path_part)
        return _create_resource(self, function_id, parent_resource_id, path_part)

    def put_method(
        self,
        function_id: str,
        resource_id: str,
        method_type: str,
        *settings: Any,  # noqa: ANN401  # as in moto
        **more: Any,  # noqa: ANN401  # as in moto
    ) -> Method:
        if method_type in self.get_resource(function_id, resource_id).resource_methods:
            message = "Method already exists for this resource"
            raise ConflictException(message)
        _check_method(self.get_rest_api(function_id), settings[0], more)
        return _put_method(self, function_id, resource_id, method_type, *settings, **more)

    def put_integration(
        self,
        *settings: Any,  # noqa: ANN401  # as in moto
        timeout_in_millis: str | None = None,
        **more: Any,  # noqa: ANN401  # as in moto
    ) -> Integration:
        least, most = apigateway.INTEGRATION_MILLISECONDS
        if timeout_in_millis is not None and not least <= int(timeout_in_millis) <= most:
            message = f"Timeout should be between {least} ms and {most} ms"
            raise BadRequestException(message)
        return _put_integration(self, *settings, timeout_in_millis=timeout_in_millis, **more)

    def create_model(
        self, rest_api_id: str, name: str, content_type: str, description: str, schema: str
    ) -> Model:
        if name and not re.match(_MODEL_NAME, name):
            message = f"Model name must be alphanumeric: {name}"
            raise BadRequestException(message)
        if faults := list(_schema_faults(schema)):
            raise BadRequestException(_validation_result("Invalid model specified", faults))
        return _create_model(self, rest_api_id, name, content_type, description, schema)

    def put_gateway_response(
        self,
        rest_api_id: str,
        response_type: str,
        *settings: Any,  # noqa: ANN401  # as in moto
        **more: Any,  # noqa: ANN401  # as in moto
    ) -> GatewayResponse:
        if response_type not in _GATEWAY_RESPONSES:
            raise BadRequestException(_NOT_CUSTOMISABLE)
        return _put_gateway_response(self, rest_api_id, response_type, *settings, **more)

    def create_deployment(
        self,
        function_id: str,
        *settings: Any,  # noqa: ANN401  # as in moto
        **more: Any,  # noqa: ANN401  # as in moto
    ) -> Deployment:
        for resource in self.get_resources(function_id):
            if any(not method.method_integration for method in resource.resource_methods.values()):
                raise NoIntegrationDefined
        return _create_deployment(self, function_id, *settings, **more)


def _check_sibling(sibling: str, path_part: str) -> None:
    if sibling == path_part:
        message = f"Another resource with the same parent already has this name: {path_part}"
        raise ConflictException(message)
    if sibling.startswith("{") and path_part.startswith("{"):
        message = (
            f"A sibling ({sibling}) of this resource already has a variable path part"
            " -- only one is allowed"
        )
        raise BadRequestException(message)


def _check_method(api: RestAPI, authorization: str | None, settings: Mapping[str, Any]) -> None:
    authorizer = settings.get("authorizer_id")
    if authorization in ("COGNITO_USER_POOLS", "CUSTOM") and authorizer not in api.authorizers:
        message = (
            "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or"
            " COGNITO_USER_POOLS requires a valid authorizer."
        )
        raise BadRequestException(message)
    validator = settings.get("request_validator_id")
    if validator and validator not in api.request_validators:
        message = "Invalid Request Validator identifier specified"
        raise BadRequestException(message)
    models: Mapping[str, str] = settings.get("request_models") or {}
    for model in models.values():
        if model not in api.models and model not in _BUILT_IN_MODELS:
            message = f"Invalid model identifier specified: {model}"
            raise BadRequestException(message)
    parameters: Mapping[str, bool] = settings.get("request_parameters") or {}
    for parameter in parameters:
        name = parameter.split(".", maxsplit=3)[-1]
        if not re.match(_PARAMETER_NAME, name):
            rule = (
                f"Parameter name should match the following regular expression: {_PARAMETER_NAME}"
            )
            message = _validation_result("Invalid mapping expression specified", [rule])
            raise BadRequestException(message)


def _validation_result(what: str, faults: list[str]) -> str:
    return f"{what}: Validation Result: warnings : [], errors : [{', '.join(faults)}]"


def _schema_faults(schema: str | None) -> Iterator[str]:
    try:
        content: object = json.loads(schema or "{}")
        Draft4Validator.check_schema(cast("dict[str, Any]", content))
    except (ValueError, SchemaError) as error:
        yield f"Invalid model schema specified: {error.args[0]}"
        return
    if unsupported := sorted(set(_keywords(content)) & _UNSUPPORTED_KEYWORDS):
        yield f"Unsupported keyword(s): {json.dumps(unsupported)}"
    if not all(map(_CANONICAL_REFERENCE.match, _references(content))):
        yield "Model reference must be in canonical form"


def _keywords(schema: object) -> Iterator[str]:
    """Yield the keywords of a schema and of those within it; names of properties are none."""
    if isinstance(schema, list):
        for item in cast("list[object]", schema):
            yield from _keywords(item)
    if isinstance(schema, dict):
        for keyword, value in cast("dict[str, object]", schema).items():
            yield keyword
            if keyword in ("properties", "definitions", "patternProperties"):
                yield from _keywords(list(cast("dict[str, object]", value).values()))
            elif keyword != "enum":
                yield from _keywords(value)


def _references(schema: object) -> Iterator[str]:
    if isinstance(schema, list):
        for item in cast("list[object]", schema):
            yield from _references(item)
    if isinstance(schema, dict):
        node = cast("dict[str, object]", schema)
        if isinstance(node.get("$ref"), str):
            yield cast("str", node["$ref"])
        yield from _references(list(node.values()))
