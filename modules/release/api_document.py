"""The part of the API's OpenAPI document that API Gateway needs."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from modules.errors import UserError

Node = dict[str, object]
"""An object of the document."""

Client = Literal["shop", "back-office"]
"""A client of the user pool: the shop's customers or its staff sign in by it."""

CLIENTS: tuple[Client, ...] = get_args(Client)
SCOPE_CLIENTS = "x-scope-clients"
"""The document's extension beside a flow's scopes: the client that can request each scope."""

JSON = "application/json"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_ANNOTATIONS = frozenset({"default", "description", "example"})


class ApiDocumentError(UserError):
    """The document cannot be read or needs what API Gateway cannot do; the message is for users."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of an operation."""

    name: str
    location: str
    """`path`, `query` or `header`."""

    required: bool


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one path."""

    id: str
    """The document's `operationId`."""

    path: str
    """Path with parameters in braces, for example `/orders/{id}`."""

    method: str
    """HTTP method in capitals."""

    scopes: tuple[str, ...]
    """Scopes of which a token needs one; empty for a public operation."""

    parameters: tuple[Parameter, ...]

    body: str | None
    """Name of the JSON body's schema; None for an operation without a body."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A permission that a token may carry."""

    name: str
    """The name after the resource server's identifier, for example `orders.read`."""

    description: str
    client: Client
    """The only client of the user pool that can request it."""


@dataclass(frozen=True, kw_only=True)
class ResourceServer:
    """What Cognito calls an API that scopes belong to."""

    identifier: str
    """The part of every scope before the slash."""

    scopes: tuple[Scope, ...]
    """In the document's order."""


@dataclass(frozen=True, kw_only=True)
class ApiDocument:
    """What API Gateway takes from the document."""

    operations: tuple[Operation, ...]
    """Operations in the document's order."""

    models: Mapping[str, Node]
    """JSON schemas of the bodies, self-contained, by name."""

    resource_server: ResourceServer


def load_api_document(file: Path) -> ApiDocument:
    """Read an OpenAPI 3.0 document.

    Raises:
        ApiDocumentError: It cannot be read, a reference leads nowhere, or it uses what API Gateway
            cannot do.
    """
    try:
        root = cast("Node", json.loads(file.read_text("utf-8")))
        return _Reader(root).read()
    except (OSError, ValueError) as error:
        message = f"{file} cannot be read: {error}"
        raise ApiDocumentError(message) from error
    except KeyError as error:
        message = f"{file}: {error.args[0]!r} is missing or refers to nothing"
        raise ApiDocumentError(message) from error
    except ApiDocumentError as error:
        message = f"{file}: {error}"
        raise ApiDocumentError(message) from error


class _Reader:
    def __init__(self, root: Node) -> None:
        self._root = root

    def read(self) -> ApiDocument:
        operations = tuple(self._operations())
        names = sorted({operation.body for operation in operations if operation.body})
        schemas = cast("dict[str, Node]", self._resolve("#/components/schemas"))
        return ApiDocument(
            operations=operations,
            models={name: cast("Node", self._inlined(schemas[name], within=())) for name in names},
            resource_server=self._resource_server(),
        )

    def _operations(self) -> Iterator[Operation]:
        for path, item in cast("dict[str, Node]", self._root["paths"]).items():
            for method, operation in item.items():
                if method not in METHODS:
                    message = (
                        f"{path}: {method!r} is not a method; write parameters at each operation"
                    )
                    raise ApiDocumentError(message)
                yield self._operation(path, method.upper(), cast("Node", operation))

    def _operation(self, path: str, method: str, operation: Node) -> Operation:
        requirements = cast("list[dict[str, list[str]]]", operation["security"])
        return Operation(
            id=cast("str", operation["operationId"]),
            path=path,
            method=method,
            scopes=tuple(
                scope
                for requirement in requirements
                for scopes in requirement.values()
                for scope in scopes
            ),
            parameters=tuple(self._parameters(operation)),
            body=self._body(f"{method} {path}", operation),
        )

    def _parameters(self, operation: Node) -> Iterator[Parameter]:
        for entry in cast("list[Node]", operation.get("parameters", [])):
            reference = cast("str | None", entry.get("$ref"))
            parameter = self._resolve(reference) if reference else entry
            yield Parameter(
                name=cast("str", parameter["name"]),
                location=cast("str", parameter["in"]),
                required=parameter.get("required") is True,
            )

    def _body(self, place: str, operation: Node) -> str | None:
        body = cast("Node | None", operation.get("requestBody"))
        if body is None:
            return None
        content = cast("dict[str, dict[str, dict[str, str]]]", body["content"])
        reference = content[JSON]["schema"].get("$ref")
        if reference is None or set(content) != {JSON}:
            message = f"{place}: a body must be {JSON} only, with a schema of components"
            raise ApiDocumentError(message)
        return reference.rpartition("/")[2]

    def _resource_server(self) -> ResourceServer:
        schemes = cast("dict[str, Node]", self._resolve("#/components/securitySchemes"))
        flows = [
            flow
            for scheme in schemes.values()
            for flow in cast("dict[str, Node]", scheme["flows"]).values()
        ]
        scopes = {name: scope for flow in flows for name, scope in self._scopes(flow)}
        identifiers = sorted({name.partition("/")[0] for name in scopes})
        if len(identifiers) != 1:
            message = (
                f"the scopes have the prefixes {', '.join(identifiers) or '(none)'}; all scopes "
                "need the same one, because the platform creates one resource server"
            )
            raise ApiDocumentError(message)
        return ResourceServer(identifier=identifiers[0], scopes=tuple(scopes.values()))

    def _scopes(self, flow: Node) -> Iterator[tuple[str, Scope]]:
        descriptions = cast("dict[str, str]", flow["scopes"])
        clients = cast("dict[str, Client]", flow.get(SCOPE_CLIENTS, {}))
        for name, description in descriptions.items():
            client = clients.get(name)
            if client not in CLIENTS:
                message = (
                    f"the scope {name} is for {repr(client) if client else 'no client'}; "
                    f"{SCOPE_CLIENTS} names one of {', '.join(CLIENTS)} for each scope"
                )
                raise ApiDocumentError(message)
            yield (
                name,
                Scope(name=name.partition("/")[2], description=description, client=client),
            )
        for name in clients.keys() - descriptions.keys():
            message = f"{SCOPE_CLIENTS} names {name}, which is no scope"
            raise ApiDocumentError(message)

    def _inlined(self, value: object, *, within: tuple[str, ...]) -> object:
        """Replace references by their schemas, and drop annotations, which validate nothing."""
        if isinstance(value, list):
            return [self._inlined(item, within=within) for item in cast("list[object]", value)]
        if not isinstance(value, dict):
            return value
        node = cast("Node", value)
        reference = node.get("$ref")
        if isinstance(reference, str):
            if reference in within:
                message = f"{reference} refers to itself; schemas of bodies must not"
                raise ApiDocumentError(message)
            return self._inlined(self._resolve(reference), within=(*within, reference))
        return {
            # A property may have the name of an annotation, so property names are kept.
            key: self._properties(item, within)
            if key == "properties"
            else self._inlined(item, within=within)
            for key, item in node.items()
            if key not in _ANNOTATIONS
        }

    def _properties(self, value: object, within: tuple[str, ...]) -> Node:
        properties = cast("Node", value)
        return {name: self._inlined(item, within=within) for name, item in properties.items()}

    def _resolve(self, reference: str) -> Node:
        node = self._root
        for part in reference.removeprefix("#/").split("/"):
            node = cast("Node", node[part])
        return node
