"""The snapshot of a REST API that a deployment serves, whatever changes afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from moto.apigateway.models import Integration as MotoIntegration
from moto.apigateway.models import Method as MotoMethod
from moto.apigateway.models import RestAPI

from review.limits import apigateway

_TIMEOUT_MILLISECONDS = apigateway.INTEGRATION_MILLISECONDS[1]
"""API Gateway's default timeout of integrations (API Gateway quotas)."""


@dataclass(frozen=True, kw_only=True)
class Integration:
    """The backend that answers a method."""

    type: str
    http_method: str | None
    uri: str
    timeout_seconds: float


@dataclass(frozen=True, kw_only=True)
class Method:
    """The settings of a resource for one HTTP method."""

    operation: str | None
    """The operation's name, which has no effect on requests."""

    authorization: str
    authorizer_id: str | None
    scopes: tuple[str, ...]
    """The accepted scopes: a token needs one of them."""

    api_key_required: bool
    parameters: Mapping[str, bool]
    """Whether each parameter, such as `method.request.header.NAME`, is required."""

    models: Mapping[str, str]
    """The names of models, by content type."""

    validator_id: str | None
    integration: Integration | None


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A path with its methods, by HTTP method or `ANY`."""

    id: str
    path: str
    methods: Mapping[str, Method]


@dataclass(frozen=True, kw_only=True)
class Authorizer:
    """The check of who may call a method."""

    name: str
    type: str
    provider_arns: tuple[str, ...]
    identity_source: str
    """The source of the token, such as `method.request.header.Authorization`."""

    validation_expression: str | None
    """The regular expression that a token must match before it is verified."""


@dataclass(frozen=True, kw_only=True)
class Validator:
    """The parts of a request that are validated."""

    name: str
    body: bool
    parameters: bool


@dataclass(frozen=True, kw_only=True)
class GatewayResponse:
    """The customised response for one type of API Gateway's own errors."""

    status: int | None
    parameters: Mapping[str, str]
    templates: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot:
    """Everything about an API that decides its responses, except the stage's settings.

    Snapshots compare by identity.
    """

    api_id: str
    name: str
    description: str
    account: str
    region: str
    disabled: bool
    resources: tuple[Resource, ...]
    authorizers: Mapping[str, Authorizer]
    validators: Mapping[str, Validator]
    models: Mapping[str, str]
    """The JSON schemas of models, by name."""

    gateway_responses: Mapping[str, GatewayResponse]
    """The customised gateway responses, by type."""

    binary_media_types: tuple[str, ...]
    """The media types whose bodies count as binary."""


def take_snapshot(api: RestAPI) -> Snapshot:
    """Return a snapshot of the current state of an API."""
    return Snapshot(
        api_id=api.id,
        name=api.name,
        description=api.description or "",
        account=api.account_id,
        region=api.region_name,
        disabled=api.disableExecuteApiEndpoint,
        resources=tuple(
            Resource(
                id=resource.id,
                path=resource.get_path(),
                methods={
                    name: _method(method) for name, method in resource.resource_methods.items()
                },
            )
            for resource in api.resources.values()
        ),
        authorizers={
            id_: Authorizer(
                name=authorizer.name or "",
                type=authorizer.type or "",
                provider_arns=tuple(authorizer.provider_arns or ()),
                identity_source=authorizer.identity_source or "method.request.header.Authorization",
                validation_expression=authorizer.identity_validation_expression,
            )
            for id_, authorizer in api.authorizers.items()
        },
        validators={
            id_: Validator(
                name=validator.name,
                body=bool(validator.validate_request_body),
                parameters=bool(validator.validate_request_parameters),
            )
            for id_, validator in api.request_validators.items()
        },
        models={name: cast("str", model.schema or "{}") for name, model in api.models.items()},
        gateway_responses={
            type_: GatewayResponse(
                status=int(answer.status_code) if answer.status_code else None,
                parameters=dict(answer.response_parameters or {}),
                templates=dict(answer.response_templates or {}),
            )
            for type_, answer in api.gateway_responses.items()
        },
        binary_media_types=tuple(api.binaryMediaTypes),
    )


def _method(method: MotoMethod) -> Method:
    return Method(
        operation=method.operation_name,
        authorization=method.authorization_type or "NONE",
        authorizer_id=method.authorizer_id,
        scopes=tuple(method.authorization_scopes or ()),
        api_key_required=method.api_key_required,
        parameters=dict(method.request_parameters or {}),
        models=dict(method.request_models or {}),
        validator_id=method.request_validator_id,
        integration=_integration(method.method_integration) if method.method_integration else None,
    )


def _integration(integration: MotoIntegration) -> Integration:
    return Integration(
        type=integration.integration_type,
        http_method=integration.http_method,
        uri=integration.uri or "",
        timeout_seconds=int(integration.timeout_in_millis or _TIMEOUT_MILLISECONDS) / 1000,
    )
