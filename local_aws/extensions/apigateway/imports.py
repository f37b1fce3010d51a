"""PutRestApi and ImportRestApi; moto 5.2.5 reads paths and integrations only, and never refuses.

An import makes the same calls as a client would, so it is refused for the same reasons. All reasons
are listed, and a refused import changes nothing.
"""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from moto.apigateway.exceptions import BadRequestException
from moto.apigateway.models import APIGatewayBackend, Resource, RestAPI
from moto.apigateway.responses import APIGatewayResponse
from moto.apigateway.utils import deserialize_body
from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import JsonRESTError

from local_aws.extensions.apigateway.definition import (
    EXTENSION,
    Definition,
    MethodDefinition,
    Node,
    canonical,
    read_definition,
)
from local_aws.graft import graft

_JSON = "application/json"
_OPEN = "NONE"
_STATE = (
    "authorizers",
    "binaryMediaTypes",
    "description",
    "gateway_responses",
    "models",
    "name",
    "request_validators",
    "resources",
    "version",
)
"""The attributes of moto's API that an import changes."""

_create_rest_api = APIGatewayResponse.create_rest_api


@graft
class _Response(APIGatewayResponse):
    def create_rest_api(self) -> TYPE_RESPONSE:
        if self._get_param("mode") == "import":
            return self.import_rest_api()
        return _create_rest_api(self)

    def import_rest_api(self) -> TYPE_RESPONSE:
        types = self._get_param("endpointConfigurationTypes")
        endpoint: Any = {"types": types.split(",")} if types else None
        api = self.backend.create_rest_api("", "", endpoint_configuration=endpoint)
        try:
            self._import(api, overwrite=True)
        except Exception:
            self.backend.delete_rest_api(api.id)
            raise
        return 201, {"status": 201}, json.dumps(api.to_dict())

    def put_rest_api(self) -> TYPE_RESPONSE:
        api = self.backend.get_rest_api(self.path.split("/")[2])
        mode = self._get_param("mode", "merge")
        if mode not in ("merge", "overwrite"):
            message = 'Enumeration value of OpenAPI import mode must be "overwrite" or "merge"'
            raise BadRequestException(message)
        self._import(api, overwrite=mode == "overwrite")
        return 200, {}, json.dumps(api.to_dict())

    def _import(self, api: RestAPI, *, overwrite: bool) -> None:
        definition = read_definition(deserialize_body(self.body))
        with _unchanged_on_error(api):
            if overwrite:
                _clear(api)
            errors = _Import(self.backend, api, definition).run()
            strict = bool(self._get_bool_param("failonwarnings"))
            _refuse(errors, definition.warnings, strict=strict)


@contextmanager
def _unchanged_on_error(api: RestAPI) -> Generator[None]:
    state = {name: getattr(api, name) for name in _STATE}
    methods = {id_: resource.resource_methods for id_, resource in api.resources.items()}
    for name, value in state.items():
        setattr(api, name, value.copy() if isinstance(value, (dict, list)) else value)
    for resource in api.resources.values():
        resource.resource_methods = resource.resource_methods.copy()
    try:
        yield
    except Exception:
        for name, value in state.items():
            setattr(api, name, value)
        for id_, kept in methods.items():
            api.resources[id_].resource_methods = kept
        raise


def _clear(api: RestAPI) -> None:
    root = api.resources[api.root_resource_id]
    root.resource_methods = {}
    api.resources = {root.id: root}
    api.models, api.authorizers, api.request_validators, api.gateway_responses = {}, {}, {}, {}
    api.binaryMediaTypes = []


def _refuse(errors: list[str], warnings: tuple[str, ...], *, strict: bool) -> None:
    listed = "".join(f"\n\t{error}" for error in errors)
    warned = "".join(f"\n\t{warning}" for warning in warnings)
    if errors:
        also = f"\nAdditionally, these warnings were found:{warned}" if warnings else ""
        message = f"Errors found during import:{listed}{also}"
        raise BadRequestException(message)
    if warnings and strict:
        message = f"Warnings found during import:{warned}"
        raise BadRequestException(message)


class _Import:
    def __init__(self, backend: APIGatewayBackend, api: RestAPI, definition: Definition) -> None:
        self._backend = backend
        self._api = api
        self._definition = definition
        self._errors: list[str] = []

    def run(self) -> list[str]:
        """Add what the document defines to the API, and return the errors."""
        self._describe()
        for name, schema in self._definition.models.items():
            self._put_model(name, schema)
        for name, validator in self._definition.validators.items():
            self._put_validator(name, validator)
        for name, scheme in self._definition.schemes.items():
            if f"{EXTENSION}authorizer" in scheme:
                self._put_authorizer(name, scheme[f"{EXTENSION}authorizer"])
        for type_, response in self._definition.gateway_responses.items():
            self._put_gateway_response(type_, response)
        for method in self._definition.methods:
            self._put_method(method)
        return self._errors

    @contextmanager
    def _attempt(self, what: str) -> Generator[None]:
        try:
            yield
        except JsonRESTError as error:
            self._errors.append(f"Unable to {what}: {error.message}")

    def _describe(self) -> None:
        if not self._definition.title:
            self._errors.append("Unable to update the API: info.title is missing")
        self._api.name = self._definition.title
        self._api.description = self._definition.description
        self._api.version = self._definition.version
        self._api.binaryMediaTypes = list(self._definition.binary_media_types)

    def _put_model(self, name: str, schema: Node) -> None:
        models = self._definition.models
        with self._attempt(f"create model for '{name}'"):
            text = json.dumps(canonical(schema, api_id=self._api.id, models=models))
            self._backend.create_model(self._api.id, name, _JSON, "", text)

    def _put_validator(self, name: str, validator: Node) -> None:
        same = _named(self._api.request_validators, name)
        made = self._api.create_request_validator(
            name, validator.get("validateRequestBody"), validator.get("validateRequestParameters")
        )
        _take_place(self._api.request_validators, made, same)

    def _put_authorizer(self, name: str, authorizer: Node) -> None:
        type_ = str(authorizer.get("type", "")).upper()
        if type_ != "COGNITO_USER_POOLS":
            message = f"The embedded AWS imports authorizers of user pools only, not {type_}."
            raise NotImplementedError(message)
        if not authorizer.get("providerARNs"):
            self._errors.append(
                f"Unable to create authorizer '{name}': Provider ARNs must be specified"
            )
            return
        same = _named(self._api.authorizers, name)
        header = self._definition.schemes[name].get("name", "Authorization")
        made = self._backend.create_authorizer(
            self._api.id,
            name,
            type_,
            provider_arns=authorizer["providerARNs"],
            auth_type=None,
            authorizer_uri=None,
            authorizer_credentials=None,
            identity_source=f"method.request.header.{header}",
            identiy_validation_expression=authorizer.get("identityValidationExpression"),
            authorizer_result_ttl=authorizer.get("authorizerResultTtlInSeconds"),
        )
        _take_place(self._api.authorizers, made, same)

    def _put_gateway_response(self, type_: str, response: Node) -> None:
        status: Any = response.get("statusCode")
        with self._attempt(f"put gateway response '{type_}'"):
            self._backend.put_gateway_response(
                self._api.id,
                type_,
                status,
                response_parameters=response.get("responseParameters", {}),
                response_templates=response.get("responseTemplates", {}),
            )

    def _put_method(self, method: MethodDefinition) -> None:
        place = f"'{method.name}' on resource at path '{method.path}'"
        resource = self._resource(method.path)
        if resource is None:
            return
        resource.resource_methods.pop(method.name, None)
        known = len(self._errors)
        scopes: Any = list(method.security.scopes) if method.security else None
        with self._attempt(f"put method {place}"):
            self._backend.put_method(
                self._api.id,
                resource.id,
                method.name,
                self._authorization(method),
                self._needs_api_key(method),
                request_parameters=dict(method.parameters),
                request_models=dict(method.models),
                operation_name=method.operation,
                authorizer_id=self._authorizer(method),
                authorization_scopes=scopes,
                request_validator_id=self._validator(method),
            )
        if method.integration and len(self._errors) == known:
            place = f"'{method.name}' for resource at path '{method.path}'"
            with self._attempt(f"put integration on {place}"):
                self._put_integration(method, resource, method.integration)

    def _resource(self, path: str) -> Resource | None:
        """Return the resource of a path; create it and those above it if they are missing."""
        found = self._api.resources[self._api.root_resource_id]
        for part in filter(None, path.split("/")):
            known = len(self._errors)
            with self._attempt(f"create resource at path '{path}'"):
                found = self._child(found, part)
            if len(self._errors) > known:
                return None
        return found

    def _child(self, parent: Resource, part: str) -> Resource:
        for resource in self._api.resources.values():
            if resource.parent_id == parent.id and resource.path_part == part:
                return resource
        return self._backend.create_resource(self._api.id, parent.id, part)

    def _authorization(self, method: MethodDefinition) -> str:
        if method.security is None or self._needs_api_key(method):
            return _OPEN
        scheme = self._definition.schemes.get(method.security.scheme, {})
        return str(scheme.get(f"{EXTENSION}authtype", "CUSTOM")).upper()

    def _needs_api_key(self, method: MethodDefinition) -> bool:
        scheme = self._definition.schemes.get(method.security.scheme if method.security else "", {})
        return scheme.get("name") == "x-api-key"

    def _authorizer(self, method: MethodDefinition) -> str | None:
        return _named(self._api.authorizers, method.security.scheme) if method.security else None

    def _validator(self, method: MethodDefinition) -> str | None:
        if method.validator is None:
            return None
        return _named(self._api.request_validators, method.validator) or method.validator

    def _put_integration(
        self, method: MethodDefinition, resource: Resource, integration: Node
    ) -> None:
        self._backend.put_integration(
            self._api.id,
            resource.id,
            method.name,
            integration_type=str(integration.get("type", "")).upper(),
            uri=integration.get("uri", ""),
            integration_method=integration.get("httpMethod", ""),
            credentials=integration.get("credentials"),
            request_templates=integration.get("requestTemplates"),
            passthrough_behavior=integration.get("passthroughBehavior", "").upper() or None,
            cache_namespace=integration.get("cacheNamespace"),
            timeout_in_millis=integration.get("timeoutInMillis"),
            request_parameters=integration.get("requestParameters"),
            content_handling=integration.get("contentHandling"),
            connection_type=integration.get("connectionType"),
        )


def _named(parts: Mapping[str, Any], name: str) -> str | None:
    """Return the id of the part with this name."""
    return next((id_ for id_, part in parts.items() if part.name == name), None)


def _take_place(parts: dict[str, Any], made: Any, same: str | None) -> None:  # noqa: ANN401  # moto's parts
    """Give a new part the id of the part that it replaces, because methods refer to that id."""
    if same:
        del parts[made.id]
        made.id = same
        parts[same] = made
