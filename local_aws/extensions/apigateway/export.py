"""GetExport: the OpenAPI document of a stage's deployment; moto 5.2.5 exports the API as it is now.

The document has the extensions that the request asks for. It describes no responses.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timezone

from moto.apigateway.responses import APIGatewayResponse
from moto.core.common_types import TYPE_RESPONSE

from local_aws.extensions.apigateway.definition import EXTENSION
from local_aws.extensions.apigateway.deployments import snapshot_of
from local_aws.extensions.apigateway.snapshot import Integration, Method, Snapshot
from local_aws.graft import graft

_LOCATIONS = {"path": "path", "querystring": "query", "header": "header"}
_ALL = "apigateway"
_SCHEMAS = "#/components/schemas/"


@graft
class _Response(APIGatewayResponse):
    def get_export(self) -> TYPE_RESPONSE:
        _, _, api_id, _, stage_name, _, type_, *_ = self.path.split("/")
        if type_ != "oas30":
            message = f"The embedded AWS exports OpenAPI 3.0 documents (oas30) only, not {type_}."
            raise NotImplementedError(message)
        stage = self.backend.get_stage(api_id, stage_name)
        deployment = self.backend.get_deployment(api_id, stage.deployment_id or "")
        extensions = frozenset(str(self._get_param("extensions", "")).split(","))
        document = _Export(snapshot_of(deployment), extensions).document()
        headers = {
            "Content-Type": "application/json",
            "Content-Disposition": f'attachment; filename="oas30_{stage_name}.json"',
        }
        return 200, headers, json.dumps(document)


class _Export:
    def __init__(self, snapshot: Snapshot, extensions: frozenset[str]) -> None:
        self._snapshot = snapshot
        self._extensions = extensions

    def document(self) -> Mapping[str, object]:
        snapshot = self._snapshot
        models = snapshot.models.items()
        components = {
            "schemas": {name: json.loads(schema) for name, schema in models},
            "securitySchemes": self._schemes(),
        }
        return {
            "openapi": "3.0.1",
            "info": {
                "title": snapshot.name,
                "description": snapshot.description,
                "version": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
            "paths": {
                resource.path: {
                    _key(name): self._operation(method) for name, method in resource.methods.items()
                }
                for resource in snapshot.resources
                if resource.methods
            },
            "components": {name: parts for name, parts in components.items() if parts},
            **self._settings(),
        }

    def _wants(self, extension: str) -> bool:
        return not self._extensions.isdisjoint({extension, _ALL})

    def _schemes(self) -> Mapping[str, object]:
        if not self._wants("authorizers"):
            return {}
        return {
            authorizer.name: {
                "type": "apiKey",
                "name": authorizer.identity_source.rpartition(".")[2],
                "in": "header",
                f"{EXTENSION}authtype": authorizer.type.lower(),
                f"{EXTENSION}authorizer": {
                    "type": authorizer.type.lower(),
                    "providerARNs": list(authorizer.provider_arns),
                },
            }
            for authorizer in self._snapshot.authorizers.values()
        }

    def _settings(self) -> Mapping[str, object]:
        """Return the extensions of the whole document."""
        if _ALL not in self._extensions:
            return {}
        settings = {
            "request-validators": {
                validator.name: {
                    "validateRequestBody": validator.body,
                    "validateRequestParameters": validator.parameters,
                }
                for validator in self._snapshot.validators.values()
            },
            "gateway-responses": {
                type_: {
                    **({"statusCode": response.status} if response.status else {}),
                    "responseParameters": dict(response.parameters),
                    "responseTemplates": dict(response.templates),
                }
                for type_, response in self._snapshot.gateway_responses.items()
            },
            "binary-media-types": list(self._snapshot.binary_media_types),
        }
        return {f"{EXTENSION}{name}": parts for name, parts in settings.items() if parts}

    def _operation(self, method: Method) -> Mapping[str, object]:
        operation: dict[str, object] = {"responses": {}}
        if method.operation:
            operation["operationId"] = method.operation
        if method.parameters:
            operation["parameters"] = [
                _parameter(name, required=required) for name, required in method.parameters.items()
            ]
        if method.models:
            operation["requestBody"] = {
                "content": {
                    type_: {"schema": {"$ref": f"{_SCHEMAS}{model}"}}
                    for type_, model in method.models.items()
                },
                "required": True,
            }
        authorizer = self._snapshot.authorizers.get(method.authorizer_id or "")
        if authorizer and self._wants("authorizers"):
            operation["security"] = [{authorizer.name: list(method.scopes)}]
        validator = self._snapshot.validators.get(method.validator_id or "")
        if validator and _ALL in self._extensions:
            operation[f"{EXTENSION}request-validator"] = validator.name
        if method.integration and self._wants("integrations"):
            operation[f"{EXTENSION}integration"] = _integration(method.integration)
        return operation


def _key(method: str) -> str:
    return f"{EXTENSION}any-method" if method == "ANY" else method.lower()


def _parameter(name: str, *, required: bool) -> Mapping[str, object]:
    location, _, own = name.removeprefix("method.request.").partition(".")
    return {
        "name": own,
        "in": _LOCATIONS[location],
        "required": required,
        "schema": {"type": "string"},
    }


def _integration(integration: Integration) -> Mapping[str, object]:
    return {
        "type": integration.type.lower(),
        "httpMethod": integration.http_method,
        "uri": integration.uri,
        "timeoutInMillis": round(integration.timeout_seconds * 1000),
    }
