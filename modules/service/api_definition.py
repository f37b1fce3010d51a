"""The document that API Gateway imports: the OpenAPI document's routes with AWS's extensions.

Source: API Gateway Developer Guide, OpenAPI extensions for API Gateway.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from modules.release.api_document import JSON, ApiDocument, Operation, Parameter
from modules.service.gateway_responses import gateway_responses
from modules.settings.service import API_TIMEOUT_SECONDS

_AWS = "x-amazon-apigateway"
_AUTHORIZER = "user-pool"
_VALIDATOR = "parameters-and-body"
_FALLBACK = "/{proxy+}"
"""Path of requests that no operation describes; the function answers them with 404."""

_PATH_PARAMETER = re.compile(r"\{(.+?)\+?\}")
_TEMPLATE_START = re.compile(r"([$%])\{(?!TfToken\[)")

Node = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class ApiDefinition:
    """A REST API whose routes all lead to one function.

    API Gateway first checks required parameters, body and token as the document says. The function
    checks all again, because it also answers requests that skip these checks: those of the load
    balancer, of other methods of a described path, and of undescribed paths.
    """

    name: str
    """Name of the API; an import sets it."""

    description: str
    """Description of the API; an import sets it."""

    document: ApiDocument
    invoke_arn: str
    """API Gateway's address of the function's alias."""

    user_pool_arn: str
    """User pool whose tokens are accepted."""

    def render(self) -> str:
        """Return the document as JSON for Terraform, which reads `${` and `%{` as its own."""
        return _TEMPLATE_START.sub(r"\1\1{", json.dumps(self._root()))

    def _root(self) -> Node:
        return {
            "openapi": "3.0.3",
            "info": {"title": self.name, "description": self.description, "version": "1"},
            "paths": self._paths(),
            "components": {
                "schemas": dict(self.document.models),
                "securitySchemes": {_AUTHORIZER: self._security_scheme()},
            },
            f"{_AWS}-request-validators": {
                _VALIDATOR: {"validateRequestParameters": True, "validateRequestBody": True}
            },
            f"{_AWS}-gateway-responses": gateway_responses(),
        }

    def _security_scheme(self) -> Node:
        """Return the user pool as an API key, because API Gateway ignores OAuth 2.0 schemes."""
        type_ = "cognito_user_pools"
        return {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            f"{_AWS}-authtype": type_,
            f"{_AWS}-authorizer": {"type": type_, "providerARNs": [self.user_pool_arn]},
        }

    def _paths(self) -> Mapping[str, Node]:
        paths: dict[str, Node] = {"/": {}}
        for operation in self.document.operations:
            item = paths.setdefault(operation.path, {})
            item[operation.method.lower()] = self._method(operation)
        # The fallback covers other paths only: other methods of these paths would get a 403.
        paths[_FALLBACK] = {}
        for path, item in paths.items():
            parameters = [
                _parameter(Parameter(name=name, location="path", required=True))
                for name in _PATH_PARAMETER.findall(path)
            ]
            item[f"{_AWS}-any-method"] = {"parameters": parameters, **self._integration()}
        return paths

    def _method(self, operation: Operation) -> Node:
        method: Node = {
            "operationId": operation.id,
            # The function checks headers: API Gateway compares their names with case, and browsers
            # send them in small letters.
            "parameters": [
                _parameter(parameter)
                for parameter in operation.parameters
                if parameter.location != "header"
            ],
            f"{_AWS}-request-validator": _VALIDATOR,
            **self._integration(),
        }
        if operation.scopes:
            method["security"] = [{_AUTHORIZER: list(operation.scopes)}]
        if operation.body:
            schema = {"$ref": f"#/components/schemas/{operation.body}"}
            method["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
        return method

    def _integration(self) -> Node:
        return {
            "responses": {},
            f"{_AWS}-integration": {
                "type": "aws_proxy",
                # Lambda's API takes POST only, whatever the client's method is.
                "httpMethod": "POST",
                "uri": self.invoke_arn,
                "timeoutInMillis": API_TIMEOUT_SECONDS * 1_000,
            },
        }


def _parameter(parameter: Parameter) -> Node:
    return {
        "name": parameter.name,
        "in": parameter.location,
        "required": parameter.required,
        "schema": {"type": "string"},
    }
