"""What an OpenAPI document with API Gateway's extensions defines.

Source: API Gateway Developer Guide, OpenAPI extensions for API Gateway.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from moto.apigateway.exceptions import BadRequestException

Node = Mapping[str, Any]
"""An object of the document."""

EXTENSION = "x-amazon-apigateway-"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_LOCATIONS = {"path": "path", "query": "querystring", "header": "header"}
_SCHEMAS = "#/components/schemas/"


@dataclass(frozen=True, kw_only=True)
class Security:
    """What a caller of a method needs."""

    scheme: str
    """The security scheme's name."""

    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MethodDefinition:
    """One method of a path."""

    path: str
    name: str
    """HTTP method in capitals, or `ANY`."""

    operation: str | None
    parameters: Mapping[str, bool]
    """Whether each parameter is required, by API Gateway's name for it."""

    models: Mapping[str, str]
    """The names of the body's models, by content type."""

    security: Security | None
    validator: str | None
    integration: Node | None


@dataclass(frozen=True, kw_only=True)
class Definition:
    """An API as its document defines it."""

    title: str
    description: str
    version: str
    methods: tuple[MethodDefinition, ...]
    schemes: Mapping[str, Node]
    """The security schemes that API Gateway knows, by name."""

    models: Mapping[str, Node]
    """The schemas of models, by name; their references to each other are OpenAPI's."""

    validators: Mapping[str, Node]
    gateway_responses: Mapping[str, Node]
    binary_media_types: tuple[str, ...]
    warnings: tuple[str, ...]


def read_definition(document: Node) -> Definition:
    """Read an OpenAPI 3.0 document.

    Raises:
        BadRequestException: It is not an OpenAPI document, or a reference leads nowhere.
        NotImplementedError: It is a Swagger 2.0 document, which the embedded AWS does not read.
    """
    if "swagger" in document:
        message = "The embedded AWS imports OpenAPI 3.0 documents only."
        raise NotImplementedError(message)
    if not str(document.get("openapi", "")).startswith("3.0."):
        message = "Invalid OpenAPI input. The document must be OpenAPI 3.0."
        raise BadRequestException(message)
    return _Reader(document).read()


class _Reader:
    def __init__(self, root: Node) -> None:
        self._root = root
        self._components: Node = root.get("components") or {}
        self._models: dict[str, Node] = dict(self._components.get("schemas") or {})
        self._schemes: dict[str, Node] = {}
        self._warnings: list[str] = []

    def read(self) -> Definition:
        self._read_schemes()
        methods = tuple(self._read_methods())
        info: Node = self._root.get("info") or {}
        return Definition(
            title=info.get("title") or "",
            description=info.get("description") or "",
            version=info.get("version") or "",
            methods=methods,
            schemes=self._schemes,
            models=self._models,
            validators=self._extension("request-validators"),
            gateway_responses=self._extension("gateway-responses"),
            binary_media_types=tuple(self._root.get(f"{EXTENSION}binary-media-types") or ()),
            warnings=tuple(self._warnings),
        )

    def _extension(self, name: str) -> Mapping[str, Node]:
        return self._root.get(f"{EXTENSION}{name}") or {}

    def _read_schemes(self) -> None:
        schemes: Mapping[str, Node] = self._components.get("securitySchemes") or {}
        for name, scheme in schemes.items():
            if scheme.get("type") == "apiKey":
                self._schemes[name] = scheme
            else:
                self._warnings.append(
                    f"Unsupported security definition type '{scheme.get('type')}' for '{name}'."
                    " Ignoring."
                )

    def _read_methods(self) -> Iterator[MethodDefinition]:
        paths: Mapping[str, Node] = self._root.get("paths") or {}
        for path, item in paths.items():
            shared = item.get("parameters") or ()
            for key, operation in item.items():
                if key == f"{EXTENSION}any-method" or key in _METHODS:
                    name = key.upper() if key in _METHODS else "ANY"
                    parameters = [*shared, *(operation.get("parameters") or ())]
                    yield self._read_method(path, name, operation, parameters)

    def _read_method(
        self, path: str, name: str, operation: Node, parameters: list[Node]
    ) -> MethodDefinition:
        if "responses" not in operation:
            place = f"paths.'{path}'({name.lower()})"
            self._warnings.append(f"Parse issue: attribute {place}.responses is missing")
        return MethodDefinition(
            path=path,
            name=name,
            operation=operation.get("operationId"),
            parameters=dict(map(self._parameter, parameters)),
            models=self._body_models(operation),
            security=self._security(operation),
            validator=operation.get(
                f"{EXTENSION}request-validator", self._root.get(f"{EXTENSION}request-validator")
            ),
            integration=operation.get(f"{EXTENSION}integration"),
        )

    def _parameter(self, entry: Node) -> tuple[str, bool]:
        parameter = self._resolve(entry)
        location = _LOCATIONS.get(str(parameter.get("in")), str(parameter.get("in")))
        name = f"method.request.{location}.{parameter.get('name')}"
        return name, parameter.get("required") is True

    def _body_models(self, operation: Node) -> dict[str, str]:
        content: Mapping[str, Node] = self._resolve(operation.get("requestBody") or {}).get(
            "content", {}
        )
        return {
            type_: self._model(described["schema"])
            for type_, described in content.items()
            if "schema" in described
        }

    def _model(self, schema: Node) -> str:
        """Return the name of a schema's model; one without a name gets a generated name."""
        reference = schema.get("$ref")
        if reference is None:
            digest = hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()
            name = f"MODEL{digest[:6]}"
            self._models[name] = schema
            return name
        name = str(reference).removeprefix(_SCHEMAS)
        if name not in self._models:
            self._warnings.append(f"Reference to model '{name}' not found. Ignoring.")
        return name

    def _security(self, operation: Node) -> Security | None:
        requirements: list[Mapping[str, list[str]]] = operation.get(
            "security", self._root.get("security") or []
        )
        known = [
            Security(scheme=scheme, scopes=tuple(scopes))
            for requirement in requirements
            for scheme, scopes in requirement.items()
            if not self._ignored(scheme)
        ]
        return known[0] if known else None

    def _ignored(self, scheme: str) -> bool:
        """Return whether a scheme is defined, but of a type that API Gateway ignores."""
        return scheme not in self._schemes and scheme in (
            self._components.get("securitySchemes") or {}
        )

    def _resolve(self, node: Node) -> Node:
        reference = node.get("$ref")
        if reference is None:
            return node
        found: Any = self._root
        for part in str(reference).removeprefix("#/").split("/"):
            found = cast("Node", found).get(part)
            if not isinstance(found, Mapping):
                message = f"Invalid OpenAPI input. The reference {reference} leads nowhere."
                raise BadRequestException(message)
        return cast("Node", found)


def canonical(schema: object, *, api_id: str, models: Mapping[str, Node]) -> object:
    """Return a schema whose references to models are those of API Gateway."""

    def convert(value: object) -> object:
        if isinstance(value, list):
            return [convert(item) for item in cast("list[object]", value)]
        if not isinstance(value, dict):
            return value
        node = {key: convert(item) for key, item in cast("dict[str, object]", value).items()}
        name = str(node.get("$ref", "")).removeprefix(_SCHEMAS)
        if name in models:
            node["$ref"] = f"https://apigateway.amazonaws.com/restapis/{api_id}/models/{name}"
        return node

    return convert(schema)
