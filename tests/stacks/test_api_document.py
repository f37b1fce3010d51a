"""What the platform reads from the OpenAPI document, and its errors for a wrong document."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from openapi_spec_validator import validate

from modules.release.api_document import ApiDocumentError, load_api_document
from modules.release.release import API_DOCUMENT

Document = dict[str, Any]


def _document() -> Document:
    return json.loads(API_DOCUMENT.read_text())


def _write(document: Document, folder: Path) -> Path:
    file = folder / "openapi.json"
    file.write_text(json.dumps(document))
    return file


def test_the_document_is_openapi_and_names_each_operation_once() -> None:
    document = _document()
    validate(document)
    assert document["openapi"].startswith("3.0.")
    operations = load_api_document(API_DOCUMENT).operations
    assert len({operation.id for operation in operations}) == len(operations)


def test_required_headers_are_required_and_optional_ones_are_not() -> None:
    (order,) = [o for o in load_api_document(API_DOCUMENT).operations if o.id == "createOrder"]
    required = {(p.location, p.name): p.required for p in order.parameters}
    assert required["header", "Idempotency-Key"] is True
    assert required["header", "X-Correlation-Id"] is False


def test_each_scope_is_for_the_client_that_the_document_names() -> None:
    server = load_api_document(API_DOCUMENT).resource_server
    assert server.identifier == "shop"
    assert [(scope.name, scope.client) for scope in server.scopes] == [
        ("orders.read", "shop"),
        ("orders.write", "shop"),
        ("products.write", "back-office"),
    ]


def test_models_have_no_references_and_keep_properties_named_like_annotations(
    tmp_path: Path,
) -> None:
    document = _document()
    schemas = document["components"]["schemas"]
    # Properties with the names of annotations.
    schemas["NewOrder"]["properties"] |= {"description": {"type": "string"}, "example": {}}
    schemas["NewOrder"]["description"] = "dropped"
    model = load_api_document(_write(document, tmp_path)).models["NewOrder"]
    assert "$ref" not in json.dumps(model)
    properties = cast("Document", model["properties"])
    assert properties["description"] == {"type": "string"}
    assert "example" in properties
    assert "description" not in model


def _refer_to_nothing(document: Document) -> None:
    document["components"]["schemas"].pop("NewOrderLine")


def _refer_to_itself(document: Document) -> None:
    document["components"]["schemas"]["NewOrderLine"] = {"$ref": "#/components/schemas/NewOrder"}


def _take_another_type(document: Document) -> None:
    content = document["paths"]["/orders"]["post"]["requestBody"]["content"]
    content["text/csv"] = content["application/json"]


def _share_parameters(document: Document) -> None:
    document["paths"]["/orders"]["parameters"] = []


def _flow(document: Document) -> Document:
    return document["components"]["securitySchemes"]["userPool"]["flows"]["authorizationCode"]


def _add_a_scope_without_a_client(document: Document) -> None:
    _flow(document)["scopes"]["shop/reviews.write"] = "Write reviews"


def _give_a_scope_to_an_unknown_client(document: Document) -> None:
    _flow(document)["x-scope-clients"]["shop/orders.read"] = "kiosk"


def _give_a_client_an_unknown_scope(document: Document) -> None:
    _flow(document)["x-scope-clients"]["shop/reviews.write"] = "shop"


def _use_two_prefixes(document: Document) -> None:
    _flow(document)["scopes"]["blog/posts.read"] = "Read posts"
    _flow(document)["x-scope-clients"]["blog/posts.read"] = "shop"


def _use_no_scopes(document: Document) -> None:
    _flow(document)["scopes"] = {}
    _flow(document)["x-scope-clients"] = {}


def _leave_security_open(document: Document) -> None:
    del document["paths"]["/orders"]["post"]["security"]


@pytest.mark.parametrize(
    ("breaking", "said"),
    [
        (_refer_to_nothing, "'NewOrderLine' is missing"),
        (_refer_to_itself, "refers to itself"),
        (_take_another_type, "POST /orders: a body must be application/json"),
        (_share_parameters, "/orders: 'parameters' is not a method"),
        (_leave_security_open, "'security' is missing"),
        (_add_a_scope_without_a_client, "shop/reviews.write is for no client"),
        (_give_a_scope_to_an_unknown_client, "shop/orders.read is for 'kiosk'"),
        (_give_a_client_an_unknown_scope, "shop/reviews.write, which is no scope"),
        (_use_two_prefixes, "the scopes have the prefixes blog, shop"),
        (_use_no_scopes, "the scopes have the prefixes (none)"),
    ],
)
def test_an_error_names_what_api_gateway_cannot_do_and_where(
    tmp_path: Path, breaking: Callable[[Document], None], said: str
) -> None:
    document = _document()
    breaking(document)
    file = _write(document, tmp_path)
    with pytest.raises(ApiDocumentError) as caught:
        load_api_document(file)
    assert str(file) in str(caught.value)
    assert said in str(caught.value)


def test_a_document_that_is_not_json_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    file.write_text("{")
    with pytest.raises(ApiDocumentError, match="cannot be read"):
        load_api_document(file)
