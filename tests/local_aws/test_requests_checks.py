"""Requests that API Gateway refuses itself: its checks, responses and logs."""

import json

import pytest

from local_aws import control
from tests.local_aws.deployed_apis import ECHO, STAGE, Function, RestApi, deploy_function
from tests.local_aws.deployed_functions import DeployedFunctions
from tests.local_aws.user_tokens import Machine, make_machine

pytestmark = pytest.mark.local_aws

JSON = ("Content-Type", "application/json")
ORDER = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "required": ["lines"],
    "additionalProperties": False,
    "properties": {"lines": {"type": "array", "minItems": 1}},
}


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
def api(
    deployed: DeployedFunctions, shared_server: control.Server, echo: Function, machine: Machine
) -> RestApi:
    """Return an API that accepts orders from callers with a token."""
    api = RestApi(deployed, url=shared_server.url)
    api.allow(echo)
    validator = api.gateway.create_request_validator(
        restApiId=api.id,
        name="both",
        validateRequestBody=True,
        validateRequestParameters=True,
    )["id"]
    authorizer = api.gateway.create_authorizer(
        restApiId=api.id, name="people", type="COGNITO_USER_POOLS", providerARNs=[machine.pool_arn]
    )["id"]
    api.gateway.create_model(
        restApiId=api.id, name="Order", contentType=JSON[1], schema=json.dumps(ORDER)
    )
    api.route(
        "POST",
        "/orders",
        echo,
        authorizationType="COGNITO_USER_POOLS",
        authorizerId=authorizer,
        authorizationScopes=["shop/orders.write"],
        requestValidatorId=validator,
        requestParameters={
            "method.request.header.Idempotency-Key": True,
            "method.request.querystring.shop": True,
            "method.request.querystring.note": False,
        },
        requestModels={JSON[1]: "Order"},
    )
    api.route("GET", "/health", echo)
    return api


def test_a_valid_order_with_a_token_reaches_the_function(api: RestApi, machine: Machine) -> None:
    api.deploy()
    headers = [
        ("Authorization", f"Bearer {machine.token('shop/orders.write')}"),
        ("Idempotency-Key", "1"),
        ("Content-Type", "application/json; charset=utf-8"),
    ]
    answer = api.send("POST", "/orders?shop=1", headers=headers, body='{"lines": [1]}')
    assert answer.status == 200
    claims = answer.json["requestContext"]["authorizer"]["claims"]
    assert (claims["sub"], claims["token_use"]) == (machine.id, "access")
    assert claims["scope"] == "shop/orders.write"


def test_the_token_is_checked_before_the_body(api: RestApi, machine: Machine) -> None:
    api.deploy()
    nobody = api.send("POST", "/orders")
    assert (nobody.status, nobody.json) == (401, {"message": "Unauthorized"})
    assert nobody.headers["x-amzn-ErrorType"] == "UnauthorizedException"
    reader = [("Authorization", machine.token("shop/orders.read"))]
    assert api.send("POST", "/orders", headers=reader).status == 403


def test_the_response_names_missing_parameters(api: RestApi, machine: Machine) -> None:
    api.deploy()
    token = ("Authorization", machine.token())
    bare = api.send("POST", "/orders", headers=[token])
    assert (bare.status, bare.json) == (
        400,
        {"message": "Missing required request parameters: [Idempotency-Key, shop]"},
    )
    headers = [token, ("Idempotency-Key", "1")]
    for body in (None, "{", "[]", '{"lines": []}', '{"lines": [1], "more": 1}'):
        refused = api.send("POST", "/orders?shop=1", headers=[*headers, JSON], body=body)
        assert (refused.status, refused.json) == (400, {"message": "Invalid request body"})
    other_type = [*headers, ("Content-Type", "text/csv")]
    assert api.send("POST", "/orders?shop=1", headers=other_type, body="1,2").status == 200


def test_a_required_header_is_found_in_the_methods_spelling_only(
    api: RestApi, machine: Machine
) -> None:
    api.deploy()
    headers = [("authorization", machine.token()), ("idempotency-key", "1"), JSON]
    answer = api.send("POST", "/orders?shop=1", headers=headers, body='{"lines": [1]}')
    assert answer.status == 400
    assert answer.json == {"message": "Missing required request parameters: [Idempotency-Key]"}


def test_each_error_has_its_gateway_response(api: RestApi, machine: Machine) -> None:
    for type_, status, template in (
        ("DEFAULT_4XX", None, '{"title": $context.error.messageString}'),
        ("BAD_REQUEST_BODY", "422", '{"wrong": "$context.error.validationErrorString"}'),
    ):
        options = {"statusCode": status} if status else {}
        api.gateway.put_gateway_response(
            restApiId=api.id,
            responseType=type_,
            responseTemplates={"application/json": template},
            responseParameters={
                "gatewayresponse.header.Content-Type": "'application/problem+json'",
                "gatewayresponse.header.X-Request": "context.requestId",
                "gatewayresponse.header.X-Asked": "method.request.querystring.shop",
            },
            **options,
        )
    api.deploy()
    nobody = api.send("POST", "/orders?shop=7")
    assert (nobody.status, nobody.json) == (401, {"title": "Unauthorized"})
    assert nobody.headers["Content-Type"] == "application/problem+json"
    assert nobody.headers["X-Request"] == nobody.headers["x-amzn-RequestId"]
    assert nobody.headers["X-Asked"] == "7"

    headers = [("Authorization", machine.token()), ("Idempotency-Key", "1"), JSON]
    wrong = api.send("POST", "/orders?shop=1", headers=headers, body="{}")
    assert (wrong.status, wrong.json) == (422, {"wrong": "['lines' is a required property]"})


def test_requests_are_in_the_access_log_and_errors_in_the_execution_log(
    api: RestApi, deployed: DeployedFunctions, machine: Machine
) -> None:
    fields = {
        "id": "$context.requestId",
        "path": "$context.path",
        "resource": "$context.resourcePath",
        "status": "$context.status",
        "length": "$context.responseLength",
        "integration": "$context.integration.status",
        "error": "$context.error.responseType",
        "who": "$context.authorizer.claims.sub",
        "agent": "$context.identity.userAgent",
        "unknown": "$context.nonsense",
    }
    access, execution = f"/access/{api.id}", f"API-Gateway-Execution-Logs_{api.id}/{STAGE}"
    for group in (access, execution):
        deployed.logs.create_log_group(logGroupName=group)
    api.deploy()
    owner = "arn:aws:logs:eu-west-1:123456789012"
    api.change_stage(
        ("/accessLogSettings/destinationArn", f"{owner}:log-group:{access}"),
        ("/accessLogSettings/format", json.dumps(fields)),
        ("/*/*/logging/loglevel", "ERROR"),
    )
    healthy = api.send("GET", "/health", headers=[("User-Agent", "test")])
    refused = api.send(
        "POST", "/orders", headers=[("Authorization", machine.token("shop/orders.write"))]
    )

    lines = [json.loads(line) for line in deployed.log_messages(access)]
    assert lines[0] == {
        "id": healthy.headers["x-amzn-RequestId"],
        "path": f"/{STAGE}/health",
        "resource": "/health",
        "status": "200",
        "length": str(len(healthy.body)),
        "integration": "200",
        "error": "-",
        "who": "-",
        "agent": "test",
        "unknown": "-",
    }
    assert lines[1] == {
        "id": refused.headers["x-amzn-RequestId"],
        "path": f"/{STAGE}/orders",
        "resource": "/orders",
        "status": "400",
        "length": str(len(refused.body)),
        "integration": "-",
        "error": "BAD_REQUEST_PARAMETERS",
        "who": machine.id,
        "agent": "-",
        "unknown": "-",
    }
    own = f"({refused.headers['x-amzn-RequestId']})"
    assert deployed.log_messages(execution) == [
        f"{own} Missing required request parameters: [Idempotency-Key, shop]",
        f"{own} Method completed with status: 400",
    ]
    api.change_stage(("/*/*/logging/loglevel", "INFO"))
    own = f"({api.send('GET', '/health').headers['x-amzn-RequestId']})"
    assert f"{own} HTTP Method: GET, Resource Path: /health" in deployed.log_messages(execution)


def test_an_api_without_its_log_group_answers(api: RestApi) -> None:
    api.deploy()
    gone = "arn:aws:logs:eu-west-1:123456789012:log-group:/gone"
    api.change_stage(
        ("/accessLogSettings/destinationArn", gone),
        ("/accessLogSettings/format", "$context.requestId"),
    )
    assert api.send("GET", "/health").status == 200
