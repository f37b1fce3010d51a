"""Compares the routes that a stage serves with those of the API's document.

Terraform compares the imported document only, so it does not see a route that was changed by hand.
"""

import json
from collections.abc import Mapping
from typing import Any

from modules.release.api_document import METHODS, ApiDocument

Routes = Mapping[str, tuple[str, ...]]
"""The scopes that each route accepts, by method and path, such as `GET /orders/{id}`."""


def read_served_routes(gateway: Any, *, api_id: str, stage: str) -> Routes:  # noqa: ANN401  # its types are not installed
    """Return the routes of the deployment at which a stage points."""
    export = gateway.get_export(
        restApiId=api_id,
        stageName=stage,
        exportType="oas30",
        parameters={"extensions": "authorizers"},
    )
    paths: Mapping[str, Mapping[str, Any]] = json.loads(export["body"].read())["paths"]
    return {
        f"{method.upper()} {path}": _scopes(operation.get("security") or [])
        for path, item in paths.items()
        for method, operation in item.items()
        if method in METHODS
    }


def find_differences(served: Routes, *, document: ApiDocument) -> list[str]:
    """Return what differs from the document; nothing if the document is served."""
    described = {f"{o.method} {o.path}": tuple(sorted(o.scopes)) for o in document.operations}
    differing = sorted(
        route
        for route in served.keys() | described.keys()
        if served.get(route) != described.get(route)
    )
    return [
        f"{route} is not served"
        if route not in served
        else f"{route} is not in the document"
        if route not in described
        else f"{route} accepts {_listed(served[route])} instead of {_listed(described[route])}"
        for route in differing
    ]


def _scopes(security: list[Mapping[str, list[str]]]) -> tuple[str, ...]:
    return tuple(
        sorted(scope for entry in security for scopes in entry.values() for scope in scopes)
    )


def _listed(scopes: tuple[str, ...]) -> str:
    return f"the scopes {', '.join(scopes)}" if scopes else "everybody"
