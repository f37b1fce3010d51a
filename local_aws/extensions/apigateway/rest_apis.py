"""REST APIs; gaps of moto 5.2.5.

- CreateRestApi drops the binary media types.
- UpdateRestApi cannot change the binary media types or the minimum compression size. It accepts any
  text for the setting that disables the default endpoint.
- CreateAuthorizer drops the validation expression; UpdateAuthorizer cannot change the user pools.
- UpdateResource, UpdateMethod, UpdateIntegration, UpdateModel and UpdateDeployment are missing.
"""

import json
from typing import Any

from moto.apigateway.models import Authorizer, Integration, RestAPI
from moto.apigateway.responses import APIGatewayResponse
from moto.core.common_types import TYPE_RESPONSE

from local_aws.extensions.apigateway.patch_operations import Field, Operation, boolean, patch
from local_aws.graft import graft

_create_rest_api = APIGatewayResponse.create_rest_api
_create_authorizer = APIGatewayResponse.create_authorizer
_patch_rest_api = RestAPI.apply_patch_operations

_REST_API = {
    "binaryMediaTypes": Field(attribute="binaryMediaTypes", kind="list"),
    "disableExecuteApiEndpoint": Field(attribute="disableExecuteApiEndpoint", convert=boolean),
    "minimumCompressionSize": Field(attribute="minimum_compression_size", convert=int),
}
_AUTHORIZER = {
    "authType": Field(attribute="auth_type"),
    "authorizerCredentials": Field(attribute="authorizer_credentials"),
    "authorizerResultTtlInSeconds": Field(attribute="authorizer_result_ttl", convert=int),
    "authorizerUri": Field(attribute="authorizer_uri"),
    "identitySource": Field(attribute="identity_source"),
    "identityValidationExpression": Field(attribute="identity_validation_expression"),
    "name": Field(attribute="name"),
    "providerARNs": Field(attribute="provider_arns", kind="list"),
    "type": Field(attribute="type"),
}
_METHOD = {
    "apiKeyRequired": Field(attribute="api_key_required", convert=boolean),
    "authorizationScopes": Field(attribute="authorization_scopes", kind="list"),
    "authorizationType": Field(attribute="authorization_type"),
    "authorizerId": Field(attribute="authorizer_id"),
    "operationName": Field(attribute="operation_name"),
    "requestModels": Field(attribute="request_models", kind="map"),
    "requestParameters": Field(attribute="request_parameters", kind="map", convert=boolean),
    "requestValidatorId": Field(attribute="request_validator_id"),
}
_INTEGRATION = {
    "cacheKeyParameters": Field(attribute="cache_key_parameters", kind="list"),
    "cacheNamespace": Field(attribute="cache_namespace"),
    "connectionType": Field(attribute="connection_type"),
    "contentHandling": Field(attribute="content_handling"),
    "credentials": Field(attribute="credentials"),
    "httpMethod": Field(attribute="http_method"),
    "passthroughBehavior": Field(attribute="passthrough_behaviour"),
    "requestParameters": Field(attribute="request_parameters", kind="map"),
    "requestTemplates": Field(attribute="request_templates", kind="map"),
    "timeoutInMillis": Field(attribute="timeout_in_millis", convert=int),
    "uri": Field(attribute="uri"),
}
_RESOURCE = {"parentId": Field(attribute="parent_id"), "pathPart": Field(attribute="path_part")}
_MODEL = {"description": Field(attribute="description"), "schema": Field(attribute="schema")}
_DEPLOYMENT = {"description": Field(attribute="description")}


@graft
class _RestApi(RestAPI):
    def apply_patch_operations(self, patch_operations: list[dict[str, Any]]) -> None:
        ours = [o for o in patch_operations if o["path"].split("/")[1] in _REST_API]
        patch(self, ours, _REST_API)
        _patch_rest_api(self, [o for o in patch_operations if o not in ours])


@graft
class _Authorizer(Authorizer):
    def apply_operations(self, patch_operations: list[dict[str, Any]]) -> Authorizer:
        patch(self, patch_operations, _AUTHORIZER)
        return self


@graft
class _Response(APIGatewayResponse):
    def create_rest_api(self) -> TYPE_RESPONSE:
        status, headers, body = _create_rest_api(self)
        if status >= 400 or not self._get_param("binaryMediaTypes"):  # noqa: PLR2004  # HTTP's errors
            return status, headers, body
        api = self.backend.get_rest_api(json.loads(body)["id"])
        api.binaryMediaTypes = self._get_param("binaryMediaTypes")
        return status, headers, json.dumps(api.to_dict())

    def create_authorizer(self) -> TYPE_RESPONSE:
        status, headers, body = _create_authorizer(self)
        expression = self._get_param("identityValidationExpression")
        if status >= 400 or not expression:  # noqa: PLR2004  # HTTP's errors
            return status, headers, body
        made = self.backend.get_authorizer(self.path.split("/")[2], json.loads(body)["id"])
        made.identity_validation_expression = expression
        return status, headers, json.dumps(made.to_json())

    def _operations(self) -> list[Operation]:
        return self._get_param("patchOperations", [])

    def update_resource(self) -> str:
        _, _, api, _, resource_id, *_ = self.path.split("/")
        resource = self.backend.get_resource(api, resource_id)
        patch(resource, self._operations(), _RESOURCE)
        return json.dumps(resource.to_dict())

    def update_method(self) -> str:
        _, _, api, _, resource_id, _, method_type, *_ = self.path.split("/")
        method = self.backend.get_method(api, resource_id, method_type)
        patch(method, self._operations(), _METHOD)
        return json.dumps(method.to_json())

    def update_integration(self) -> str:
        _, _, api, _, resource_id, _, method_type, *_ = self.path.split("/")
        integration: Integration = self.backend.get_integration(api, resource_id, method_type)
        patch(integration, self._operations(), _INTEGRATION)
        return json.dumps(integration.to_json())

    def update_model(self) -> str:
        _, _, api, _, name, *_ = self.path.split("/")
        model = self.backend.get_model(api, name)
        patch(model, self._operations(), _MODEL)
        return json.dumps(model.to_json())

    def update_deployment(self) -> str:
        _, _, api, _, deployment_id, *_ = self.path.split("/")
        deployment = self.backend.get_deployment(api, deployment_id)
        patch(deployment, self._operations(), _DEPLOYMENT)
        return json.dumps(deployment.to_json())
