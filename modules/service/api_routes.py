"""The REST API's resources and methods, as the OpenAPI document describes them."""

import re
from collections.abc import Mapping
from typing import TypeVar

from cdktf_cdktf_provider_aws.api_gateway_authorizer import ApiGatewayAuthorizer
from cdktf_cdktf_provider_aws.api_gateway_integration import ApiGatewayIntegration
from cdktf_cdktf_provider_aws.api_gateway_method import ApiGatewayMethod
from cdktf_cdktf_provider_aws.api_gateway_model import ApiGatewayModel
from cdktf_cdktf_provider_aws.api_gateway_request_validator import ApiGatewayRequestValidator
from cdktf_cdktf_provider_aws.api_gateway_resource import ApiGatewayResource
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi
from constructs import Construct

from modules.release.api_document import JSON, ApiDocument, Operation
from modules.settings.service import API_TIMEOUT_SECONDS

FALLBACK = "{proxy+}"
"""Path of requests that no operation describes; the function answers them with 404."""

RoutePart = (
    ApiGatewayAuthorizer
    | ApiGatewayIntegration
    | ApiGatewayMethod
    | ApiGatewayModel
    | ApiGatewayRequestValidator
    | ApiGatewayResource
)
AnyPart = TypeVar("AnyPart", bound=RoutePart)


class ApiRoutes(Construct):
    """Routes of a REST API that all lead to one function.

    API Gateway first checks required parameters, body and token as the document says. The function
    checks all again, because it also answers requests that skip these checks: those of the load
    balancer, of other methods of a described path, and of undescribed paths.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        api: ApiGatewayRestApi,
        document: ApiDocument,
        invoke_arn: str,
        user_pool_arn: str,
    ) -> None:
        """Create the routes.

        Args:
            document: Operations, models and scopes of the API.
            invoke_arn: API Gateway's address of the function's alias.
            user_pool_arn: User pool whose tokens are accepted.
        """
        super().__init__(scope, id_)
        self._api = api
        self._invoke_arn = invoke_arn
        self.parts: list[RoutePart] = []
        """All resources of which a deployment takes a snapshot."""

        self._validator = self._keep(
            ApiGatewayRequestValidator(
                self,
                "validator",
                rest_api_id=api.id,
                name="parameters-and-body",
                validate_request_parameters=True,
                validate_request_body=True,
            )
        )
        self._authorizer = self._keep(
            ApiGatewayAuthorizer(
                self,
                "authorizer",
                rest_api_id=api.id,
                name="user-pool",
                type="COGNITO_USER_POOLS",
                provider_arns=[user_pool_arn],
            )
        )
        self._models = {
            name: self._keep(
                ApiGatewayModel(
                    self,
                    f"model-{name}",
                    rest_api_id=api.id,
                    name=name,
                    content_type=JSON,
                    schema=schema,
                )
            )
            for name, schema in document.models.items()
        }
        resources = self._build_resources(document)
        for operation in document.operations:
            self._build_operation(operation, resource_id=resources[operation.path])
        # The fallback covers other paths only: other methods of these paths would get a 403.
        for path in ("/", *{operation.path: None for operation in document.operations}):
            self._build_method(f"other-{_label(path)}", resource_id=resources[path], method="ANY")
        self._build_method("fallback", resource_id=resources[f"/{FALLBACK}"], method="ANY")

    def _build_resources(self, document: ApiDocument) -> Mapping[str, str]:
        """Build each resource on the way to a path once; return the ids by path."""
        ids = {"/": self._api.root_resource_id}
        for path in (*(operation.path for operation in document.operations), f"/{FALLBACK}"):
            parent = "/"
            for part in path.strip("/").split("/"):
                own = f"{parent.rstrip('/')}/{part}"
                if own not in ids:
                    ids[own] = self._keep(
                        ApiGatewayResource(
                            self,
                            f"resource-{_label(own)}",
                            rest_api_id=self._api.id,
                            parent_id=ids[parent],
                            path_part=part,
                        )
                    ).id
                parent = own
        return ids

    def _build_operation(self, operation: Operation, *, resource_id: str) -> None:
        model = self._models[operation.body] if operation.body else None
        self._build_method(
            operation.id,
            resource_id=resource_id,
            method=operation.method,
            scopes=operation.scopes,
            parameters=operation.parameters,
            model=model,
        )

    def _build_method(
        self,
        label: str,
        *,
        resource_id: str,
        method: str,
        scopes: tuple[str, ...] = (),
        parameters: Mapping[str, bool] | None = None,
        model: ApiGatewayModel | None = None,
    ) -> None:
        described = parameters is not None
        made = self._keep(
            ApiGatewayMethod(
                self,
                f"{label}-method",
                rest_api_id=self._api.id,
                resource_id=resource_id,
                http_method=method,
                operation_name=label if described else None,
                authorization="COGNITO_USER_POOLS" if scopes else "NONE",
                authorizer_id=self._authorizer.id if scopes else None,
                authorization_scopes=list(scopes) or None,
                request_validator_id=self._validator.id if described else None,
                request_parameters=dict(parameters) if parameters else None,
                request_models={JSON: model.name} if model else None,
            )
        )
        self._keep(
            ApiGatewayIntegration(
                self,
                f"{label}-integration",
                rest_api_id=self._api.id,
                resource_id=resource_id,
                http_method=made.http_method,
                type="AWS_PROXY",
                # Lambda is always invoked by POST, whatever the client's method.
                integration_http_method="POST",
                uri=self._invoke_arn,
                timeout_milliseconds=API_TIMEOUT_SECONDS * 1_000,
            )
        )

    def _keep(self, part: AnyPart) -> AnyPart:
        self.parts.append(part)
        return part


def _label(path: str) -> str:
    """Return a path as a part of a construct id: `orders-id` for `/orders/{id}`, `root` for `/`."""
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "root"
