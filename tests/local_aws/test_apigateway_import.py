"""REST APIs that an OpenAPI document defines: what an import creates, replaces and refuses."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from local_aws import control
from tests.local_aws.deployed_apis import ECHO, Function, RestApi, deploy_function
from tests.local_aws.deployed_functions import DeployedFunctions
from tests.local_aws.user_tokens import Machine, make_machine

pytestmark = pytest.mark.local_aws

Document = dict[str, Any]
VALIDATED = {"x-amazon-apigateway-request-validator": "body"}


@pytest.fixture(scope="module")
def deployed(shared_server: control.Server) -> DeployedFunctions:
    return DeployedFunctions(server=shared_server)


@pytest.fixture(scope="module")
def echo(deployed: DeployedFunctions) -> Function:
    return deploy_function(deployed, ECHO)


@pytest.fixture(scope="module")
def machine(deployed: DeployedFunctions, shared_server: control.Server) -> Machine:
    return make_machine(deployed, url=shared_server.url)


@pytest.fixture
def api(deployed: DeployedFunctions, shared_server: control.Server, echo: Function) -> RestApi:
    api = RestApi(deployed, url=shared_server.url)
    api.allow(echo)
    return api


def _integration(function_arn: str) -> Document:
    path = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions"
    return {
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": f"{path}/{function_arn}/invocations",
            "timeoutInMillis": 29_000,
        }
    }


@pytest.fixture
def document(echo: Function, machine: Machine) -> Document:
    """Return a document with a route of each kind."""
    function = _integration(echo.alias_arn)
    return {
        "openapi": "3.0.3",
        "info": {"title": "shop", "description": "The shop", "version": "1"},
        "paths": {
            "/products/{id}": {
                "get": {
                    "operationId": "getProduct",
                    "parameters": [{"$ref": "#/components/parameters/Id"}],
                    "responses": {},
                    **function,
                }
            },
            "/orders": {
                "post": {
                    "operationId": "createOrder",
                    "security": [{"people": ["shop/orders.write"]}],
                    "requestBody": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Order"}}
                        }
                    },
                    "responses": {},
                    **VALIDATED,
                    **function,
                },
                "x-amazon-apigateway-any-method": {"responses": {}, **function},
            },
        },
        "components": {
            "parameters": {
                "Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
            },
            "schemas": {
                "Order": {
                    "type": "object",
                    "required": ["lines"],
                    "properties": {"lines": {"$ref": "#/components/schemas/Lines"}},
                },
                "Lines": {"type": "array", "minItems": 1},
            },
            "securitySchemes": {
                "people": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "cognito_user_pools",
                    "x-amazon-apigateway-authorizer": {
                        "type": "cognito_user_pools",
                        "providerARNs": [machine.pool_arn],
                    },
                }
            },
        },
        "x-amazon-apigateway-request-validators": {
            "body": {"validateRequestBody": True, "validateRequestParameters": False}
        },
        "x-amazon-apigateway-gateway-responses": {
            "MISSING_AUTHENTICATION_TOKEN": {
                "statusCode": 404,
                "responseParameters": {"gatewayresponse.header.Cache-Control": "'no-store'"},
                "responseTemplates": {"application/json": '{"title":"Not Found"}'},
            }
        },
    }


def _put(api: RestApi, document: Document, **options: Any) -> None:  # noqa: ANN401  # as boto3 takes it
    settings = {"mode": "overwrite", "failOnWarnings": True} | options
    api.gateway.put_rest_api(restApiId=api.id, body=json.dumps(document), **settings)


def _export(api: RestApi, extensions: str = "apigateway") -> Document:
    made = api.gateway.get_export(
        restApiId=api.id,
        stageName="prod",
        exportType="oas30",
        parameters={"extensions": extensions},
    )
    return json.loads(made["body"].read())


def test_an_imported_document_is_served_and_exported(
    api: RestApi, document: Document, machine: Machine
) -> None:
    _put(api, document)
    api.deploy()

    product = api.send("GET", "/products/p1").json
    assert (product["resource"], product["pathParameters"]) == ("/products/{id}", {"id": "p1"})
    missing = api.send("GET", "/nowhere")
    assert (missing.status, missing.json) == (404, {"title": "Not Found"})
    assert missing.headers["Cache-Control"] == "no-store"
    assert api.send("DELETE", "/orders").json["httpMethod"] == "DELETE"
    assert api.send("POST", "/orders", body="{}").status == 401
    token = ("Authorization", machine.token("shop/orders.write"))
    assert api.send("POST", "/orders", headers=[token], body='{"lines":[]}').status == 400
    assert api.send("POST", "/orders", headers=[token], body='{"lines":[1]}').status == 200
    other = ("Authorization", machine.token("shop/orders.read"))
    assert api.send("POST", "/orders", headers=[other], body='{"lines":[1]}').status == 403

    exported = _export(api)
    assert exported["info"]["title"] == "shop"
    assert exported["paths"].keys() == document["paths"].keys()
    order, imported = exported["paths"]["/orders"]["post"], _operation(document)
    for key in ("operationId", "security", "x-amazon-apigateway-integration"):
        assert order[key] == imported[key]
    assert order["requestBody"]["content"] == imported["requestBody"]["content"]
    for key in ("request-validators", "gateway-responses"):
        name = f"x-amazon-apigateway-{key}"
        assert exported[name] == document[name]
    assert "security" not in _export(api, "integrations")["paths"]["/orders"]["post"]
    # What was exported can be imported, and is the same API.
    _put(api, exported)
    api.deploy()
    assert _export(api)["paths"] == exported["paths"]


def test_a_deployment_keeps_the_routes_of_its_time(api: RestApi, document: Document) -> None:
    _put(api, document)
    api.deploy()
    document["paths"]["/products/{productId}"] = document["paths"].pop("/products/{id}")
    del document["paths"]["/orders"]
    document["components"]["parameters"]["Id"]["name"] = "productId"
    _put(api, document)
    # The old deployment still serves what it pictures.
    assert api.send("GET", "/products/p1").json["resource"] == "/products/{id}"
    assert api.send("DELETE", "/orders").status == 200
    api.deploy()
    assert api.send("GET", "/products/p1").json["resource"] == "/products/{productId}"
    assert api.send("DELETE", "/orders").status == 404


def test_a_merge_keeps_what_the_document_does_not_name(
    api: RestApi, document: Document, echo: Function, machine: Machine
) -> None:
    _put(api, document)
    more: Document = {
        "openapi": "3.0.3",
        "info": document["info"],
        "components": {"securitySchemes": document["components"]["securitySchemes"]},
        "paths": {"/health": {"get": {"responses": {}, **_integration(echo.alias_arn)}}},
    }
    _put(api, more, mode="merge")
    api.deploy()
    assert api.send("GET", "/health").json["resource"] == "/health"
    assert api.send("GET", "/products/p1").status == 200
    # The authorizer was imported again under the same name, and still guards the old method.
    token = ("Authorization", machine.token("shop/orders.write"))
    assert api.send("POST", "/orders", headers=[token], body='{"lines":[1]}').status == 200


def test_a_new_api_is_imported_with_its_endpoint(api: RestApi, document: Document) -> None:
    made = api.gateway.import_rest_api(
        body=json.dumps(document), parameters={"endpointConfigurationTypes": "REGIONAL"}
    )
    assert made["name"] == "shop"
    assert made["endpointConfiguration"]["types"] == ["REGIONAL"]
    del document["info"]["title"]
    before = api.gateway.get_rest_apis()["items"]
    with pytest.raises(ClientError, match="title is missing"):
        api.gateway.import_rest_api(body=json.dumps(document))
    assert api.gateway.get_rest_apis()["items"] == before


def _operation(document: Document) -> Document:
    return cast("Document", document["paths"]["/orders"]["post"])


def _use_oauth2(document: Document) -> None:
    document["components"]["securitySchemes"]["people"] = {"type": "oauth2", "flows": {}}


def _use_an_unknown_scheme(document: Document) -> None:
    _operation(document)["security"] = [{"strangers": []}]


def _use_an_unknown_model(document: Document) -> None:
    _operation(document)["requestBody"]["content"]["application/json"]["schema"] = {
        "$ref": "#/components/schemas/Nothing"
    }


def _use_an_unknown_validator(document: Document) -> None:
    _operation(document)["x-amazon-apigateway-request-validator"] = "nothing"


def _add_a_second_parameter(document: Document) -> None:
    document["paths"]["/products/{sku}/price"] = document["paths"]["/products/{id}"]


def _name_a_model_with_a_hyphen(document: Document) -> None:
    document["components"]["schemas"]["New-Order"] = {"type": "object"}


def _add_a_default_to_a_model(document: Document) -> None:
    document["components"]["schemas"]["Order"]["default"] = {}


def _refer_to_no_model(document: Document) -> None:
    del document["components"]["schemas"]["Lines"]


def _name_a_parameter_with_brackets(document: Document) -> None:
    _operation(document)["parameters"] = [{"name": "page[size]", "in": "query"}]


def _leave_out_the_method_of_the_integration(document: Document) -> None:
    operation = document["paths"]["/products/{id}"]["get"]
    operation["x-amazon-apigateway-integration"] = {
        **operation["x-amazon-apigateway-integration"],
        "httpMethod": "",
    }


def _customise_an_unknown_response(document: Document) -> None:
    document["x-amazon-apigateway-gateway-responses"]["TEAPOT"] = {}


def _leave_out_the_responses(document: Document) -> None:
    del _operation(document)["responses"]


def _leave_out_the_name(document: Document) -> None:
    del document["info"]["title"]


@pytest.mark.parametrize(
    ("breaking", "said"),
    [
        (_use_oauth2, "Unsupported security definition type 'oauth2' for 'people'. Ignoring."),
        (_use_an_unknown_scheme, "requires a valid authorizer"),
        (_use_an_unknown_model, "Invalid model identifier specified: Nothing"),
        (_use_an_unknown_validator, "Invalid Request Validator identifier specified"),
        (
            _add_a_second_parameter,
            (
                "Unable to create resource at path '/products/{sku}/price': A sibling ({id}) of"
                " this resource already has a variable path part -- only one is allowed"
            ),
        ),
        (_name_a_model_with_a_hyphen, "Model name must be alphanumeric: New-Order"),
        (_add_a_default_to_a_model, 'Unsupported keyword(s): ["default"]'),
        (_refer_to_no_model, "Model reference must be in canonical form"),
        (_name_a_parameter_with_brackets, "Parameter name should match"),
        (_leave_out_the_method_of_the_integration, "HttpMethod must be non-empty"),
        (_customise_an_unknown_response, "Invalid gateway response type specified"),
        (_leave_out_the_responses, "paths.'/orders'(post).responses is missing"),
        (_leave_out_the_name, "info.title is missing"),
    ],
)
def test_a_refused_import_says_why_and_changes_nothing(
    api: RestApi, document: Document, breaking: Callable[[Document], None], said: str
) -> None:
    _put(api, document)
    api.deploy()
    before = _export(api)["paths"]
    broken = deepcopy(document)
    broken["paths"]["/new"] = broken["paths"]["/orders"]
    breaking(broken)
    with pytest.raises(ClientError, match="found during import") as refused:
        _put(api, broken)
    assert "BadRequestException" in str(refused.value)
    assert said in str(refused.value)
    api.deploy()
    assert _export(api)["paths"] == before


def test_all_errors_and_warnings_are_listed_at_once(api: RestApi, document: Document) -> None:
    _use_oauth2(document)
    _add_a_second_parameter(document)
    _customise_an_unknown_response(document)
    with pytest.raises(ClientError) as refused:
        _put(api, document, failOnWarnings=False)
    message = str(refused.value)
    assert "Errors found during import:\n\tUnable to put gateway response 'TEAPOT'" in message
    assert "\n\tUnable to create resource at path '/products/{sku}/price'" in message
    assert "\nAdditionally, these warnings were found:\n\tUnsupported security" in message


def test_without_strictness_a_scheme_that_is_not_known_leaves_its_methods_open(
    api: RestApi, document: Document
) -> None:
    _use_oauth2(document)
    _put(api, document, failOnWarnings=False)
    api.deploy()
    assert api.send("POST", "/orders", body='{"lines":[1]}').status == 200


def test_a_method_without_integration_is_not_deployed(api: RestApi, document: Document) -> None:
    del _operation(document)["x-amazon-apigateway-integration"]
    _put(api, document)
    with pytest.raises(ClientError, match="No integration defined for method"):
        api.deploy()


def test_a_function_is_not_invoked_with_another_method_than_post(
    api: RestApi, document: Document
) -> None:
    operation = document["paths"]["/products/{id}"]["get"]
    operation["x-amazon-apigateway-integration"] = {
        **operation["x-amazon-apigateway-integration"],
        "httpMethod": "GET",
    }
    _put(api, document)
    api.deploy()
    assert api.send("GET", "/products/p1").status == 500


def test_single_calls_refuse_what_an_import_refuses(api: RestApi, echo: Function) -> None:
    api.route("GET", "/products/{id}", echo)
    with pytest.raises(ClientError, match=r"A sibling \(\{id\}\) of this resource"):
        api.route("GET", "/products/{productId}", echo)
    with pytest.raises(ClientError, match="already has this name: products"):
        api.gateway.create_resource(
            restApiId=api.id,
            parentId=api.gateway.get_rest_api(restApiId=api.id)["rootResourceId"],
            pathPart="products",
        )
    with pytest.raises(ClientError, match="Method already exists"):
        api.route("GET", "/products/{id}", echo)
