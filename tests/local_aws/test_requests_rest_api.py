"""Requests to REST APIs: resources, events and responses."""

import base64
import json
from dataclasses import replace

import pytest

from local_aws import control
from tests.local_aws.deployed_apis import ECHO, STAGE, Function, RestApi, deploy_function
from tests.local_aws.deployed_functions import DeployedFunctions

pytestmark = pytest.mark.local_aws


@pytest.fixture(scope="module")
def deployed(shared_server: control.Server) -> DeployedFunctions:
    return DeployedFunctions(server=shared_server)


@pytest.fixture(scope="module")
def echo(deployed: DeployedFunctions) -> Function:
    return deploy_function(deployed, ECHO)


@pytest.fixture
def api(deployed: DeployedFunctions, shared_server: control.Server, echo: Function) -> RestApi:
    """Return an API without methods that may invoke the echo function."""
    api = RestApi(deployed, url=shared_server.url)
    api.allow(echo)
    return api


def test_the_function_gets_the_documented_event(api: RestApi, echo: Function) -> None:
    api.route("POST", "/orders/{id}", echo)
    deployment = api.deploy(variables={"colour": "blue"})
    answer = api.send(
        "POST",
        "/orders/a%2Fb%20c?tag=1&tag=2%2B3&plus=a+b&empty=",
        headers=[
            ("X-Two", "1"),
            ("x-TWO", "2"),
            ("User-Agent", "test"),
            ("Content-Type", "text/plain"),
            ("X-Forwarded-For", "203.0.113.9"),
        ],
        body="grüß",
    )
    event = answer.json
    context = event.pop("requestContext")
    headers = event.pop("headers")
    assert event.pop("multiValueHeaders")["X-Two"] == ["1", "2"]
    trace = headers.pop("X-Amzn-Trace-Id")
    host = f"{api.id}.execute-api.eu-west-1.amazonaws.com"
    assert headers == {
        "X-Two": "2",
        "User-Agent": "test",
        "Content-Type": "text/plain",
        "Host": host,
        "X-Forwarded-For": "203.0.113.9, 127.0.0.1",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
    }
    assert event == {
        "resource": "/orders/{id}",
        "path": "/orders/a%2Fb%20c",
        "httpMethod": "POST",
        "queryStringParameters": {"tag": "2+3", "plus": "a b", "empty": ""},
        "multiValueQueryStringParameters": {"tag": ["1", "2+3"], "plus": ["a b"], "empty": [""]},
        "pathParameters": {"id": "a%2Fb%20c"},
        "stageVariables": {"colour": "blue"},
        "body": "grüß",
        "isBase64Encoded": False,
    }
    identity = context.pop("identity")
    assert (identity["sourceIp"], identity["userAgent"]) == ("127.0.0.1", "test")
    assert identity["accessKey"] is None
    assert context["requestId"] == answer.headers["x-amzn-RequestId"]
    assert context["extendedRequestId"] == answer.headers["x-amz-apigw-id"]
    assert answer.headers["X-Amzn-Trace-Id"] == trace
    assert {name: context[name] for name in ("path", "protocol", "domainName", "deploymentId")} == {
        "path": f"/{STAGE}/orders/a%2Fb%20c",
        "protocol": "HTTP/1.1",
        "domainName": host,
        "deploymentId": deployment,
    }
    assert context["resourcePath"] == "/orders/{id}"


def test_the_most_specific_resource_and_method_win(api: RestApi, echo: Function) -> None:
    for method, path in (
        ("ANY", "/{proxy+}"),
        ("GET", "/orders/{id}"),
        ("ANY", "/orders/{id}"),
        ("GET", "/orders/mine"),
        ("GET", "/orders/{id}/lines/{line}"),
    ):
        api.route(method, path, echo)
    api.deploy()
    for path, resource, parameters in (
        ("/orders/mine", "/orders/mine", None),
        ("/orders/mine/", "/orders/mine", None),
        ("/orders/7", "/orders/{id}", {"id": "7"}),
        ("/orders/mine/lines/2", "/orders/{id}/lines/{line}", {"id": "mine", "line": "2"}),
        ("/orders/7/other", "/{proxy+}", {"proxy": "orders/7/other"}),
        ("/orders", "/{proxy+}", {"proxy": "orders"}),
    ):
        event = api.send("GET", path).json
        assert (event["resource"], event["pathParameters"]) == (resource, parameters)
    assert api.send("PUT", "/orders/7").json["resource"] == "/orders/{id}"

    for method, path in (("POST", "/orders/mine"), ("GET", "/")):
        refused = api.send(method, path)
        assert (refused.status, refused.json) == (403, {"message": "Missing Authentication Token"})
        assert refused.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


def test_changes_take_effect_with_the_next_deployment(api: RestApi, echo: Function) -> None:
    api.route("GET", "/orders", echo)
    api.deploy()
    api.route("GET", "/products", echo)
    assert api.send("GET", "/products").status == 403
    api.deploy()
    assert api.send("GET", "/products").status == 200


def test_a_missing_api_or_stage_is_forbidden(api: RestApi, echo: Function) -> None:
    api.route("GET", "/orders", echo)
    assert api.send("GET", "/orders").json == {"message": "Forbidden"}
    api.deploy()
    api.gateway.update_rest_api(
        restApiId=api.id,
        patchOperations=[{"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "true"}],
    )
    assert api.send("GET", "/orders").status == 200
    api.deploy()
    assert api.send("GET", "/orders").status == 403


def test_a_function_is_invoked_only_for_permitted_methods(
    deployed: DeployedFunctions, shared_server: control.Server, echo: Function
) -> None:
    api = RestApi(deployed, url=shared_server.url)
    api.allow(echo, source=f"{STAGE}/GET/orders/*")
    api.route("GET", "/orders/{id}", echo)
    api.route("POST", "/orders/{id}", echo)
    api.route("GET", "/unqualified", replace(echo, alias_arn=echo.alias_arn.rpartition(":")[0]))
    api.deploy()
    assert api.send("GET", "/orders/1").status == 200
    for method, path in (("POST", "/orders/1"), ("GET", "/unqualified")):
        refused = api.send(method, path)
        assert (refused.status, refused.json) == (500, {"message": "Internal server error"})


ANSWERS = """
exports.handler = async ({ body }) => {
  const { delay, fail, answer } = JSON.parse(body);
  if (delay) await new Promise((done) => setTimeout(done, delay));
  if (fail) throw new Error("inner detail");
  return answer;
};
"""


@pytest.fixture(scope="module")
def scripted(deployed: DeployedFunctions, shared_server: control.Server) -> RestApi:
    """Return an API whose function returns the response in the request's body."""
    function = deploy_function(deployed, ANSWERS)
    api = RestApi(deployed, url=shared_server.url, binaryMediaTypes=["image/png"])
    api.allow(function)
    api.route("ANY", "/", function)
    api.route("ANY", "/soon", function, timeout=500)
    api.deploy()
    return api


def test_the_functions_response_is_returned(scripted: RestApi) -> None:
    answer = scripted.send(
        "POST",
        "/",
        body=json.dumps(
            {
                "answer": {
                    "statusCode": "201",
                    "headers": {"X-One": "→", "X-Both": "single", "Server": "mine", "X-Yes": True},
                    "multiValueHeaders": {"X-Both": ["a", "b"], "Set-Cookie": ["c=1", "d=2"]},
                    "body": "made",
                }
            }
        ),
    )
    assert (answer.status, answer.body) == (201, b"made")
    assert answer.headers["X-One"].encode("latin-1").decode() == "→"
    assert answer.headers["X-Yes"] == "true"
    assert answer.headers.get_all("X-Both") == ["a", "b"]
    assert answer.headers.get_all("Set-Cookie") == ["c=1", "d=2"]
    assert answer.headers["x-amzn-Remapped-Server"] == "mine"
    assert answer.headers["Server"] is None
    assert answer.headers["Content-Type"] == "application/json"

    empty = scripted.send("POST", "/", body=json.dumps({"answer": {"statusCode": 204}}))
    assert (empty.status, empty.body, empty.headers["Content-Length"]) == (204, b"", None)
    head = scripted.send("HEAD", "/", body=json.dumps({"answer": {"body": "four"}}))
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", "4")


def test_a_base64_body_is_decoded_if_the_client_accepts_its_type(scripted: RestApi) -> None:
    picture = bytes(range(256))
    wanted = {"body": base64.b64encode(picture).decode(), "isBase64Encoded": True}
    body = json.dumps({"answer": wanted})
    assert scripted.send("POST", "/", headers=[("Accept", "image/png")], body=body).body == picture
    kept = scripted.send("POST", "/", headers=[("Accept", "text/plain")], body=body).body
    assert kept.decode() == wanted["body"]


def test_the_function_gets_a_binary_body_in_base64(
    deployed: DeployedFunctions, shared_server: control.Server, echo: Function
) -> None:
    api = RestApi(deployed, url=shared_server.url, binaryMediaTypes=["image/*"])
    api.allow(echo)
    api.route("POST", "/", echo)
    api.deploy()
    picture = bytes(range(256))
    event = api.send("POST", "/", headers=[("Content-Type", "image/png")], body=picture).json
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == picture


@pytest.mark.parametrize(
    "answer",
    [
        "text",
        ["list"],
        {"statusCode": 200, "cookies": []},
        {"statusCode": "many"},
        {"statusCode": 42},
        {"body": {"not": "text"}},
        {"headers": ["X"]},
        {"headers": {"X": 1}},
        {"multiValueHeaders": {"X": "one"}},
        {"headers": {"X": "two\nlines"}},
    ],
    ids=str,
)
def test_an_invalid_response_is_a_bad_gateway(scripted: RestApi, answer: object) -> None:
    malformed = scripted.send("POST", "/", body=json.dumps({"answer": answer}))
    assert (malformed.status, malformed.json) == (502, {"message": "Internal server error"})


def test_a_function_that_fails_or_times_out_is_a_gateway_error(scripted: RestApi) -> None:
    failed = scripted.send("POST", "/", body=json.dumps({"fail": True}))
    assert (failed.status, failed.json) == (502, {"message": "Internal server error"})
    late = scripted.send("POST", "/soon", body=json.dumps({"delay": 2_000, "answer": {}}))
    assert (late.status, late.json) == (504, {"message": "Endpoint request timed out"})


def test_a_throttled_function_is_an_internal_error(
    deployed: DeployedFunctions, api: RestApi
) -> None:
    busy = deploy_function(deployed, ECHO)
    deployed.functions.put_function_concurrency(
        FunctionName=busy.name, ReservedConcurrentExecutions=0
    )
    api.allow(busy)
    api.route("GET", "/", busy)
    api.deploy()
    assert api.send("GET", "/").status == 500


def test_a_body_above_ten_megabytes_is_refused(api: RestApi, echo: Function) -> None:
    api.route("POST", "/", echo)
    api.deploy()
    refused = api.send("POST", "/", body=b"x" * (10 * 1024 * 1024 + 1))
    assert (refused.status, refused.json) == (413, {"message": "Request Too Long"})


def test_a_stage_limits_its_request_rate(api: RestApi, echo: Function) -> None:
    api.route("GET", "/", echo)
    api.deploy()
    api.change_stage(("/*/*/throttling/rateLimit", "0.001"), ("/*/*/throttling/burstLimit", "2"))
    answers = [api.send("GET", "/") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[2].json == {"message": "Too Many Requests"}


def test_the_api_invokes_the_aliass_current_version(
    api: RestApi, deployed: DeployedFunctions
) -> None:
    answer = "exports.handler = async () => ({{ body: '{}' }});"
    function = deploy_function(deployed, answer.format("old"))
    api.allow(function)
    api.route("GET", "/", function)
    api.deploy()
    assert api.send("GET", "/").body == b"old"
    image = deployed.publish(function.name, answer.format("new"))
    made = deployed.functions.update_function_code(
        FunctionName=function.name, ImageUri=image, Publish=True
    )
    assert api.send("GET", "/").body == b"old"
    deployed.functions.update_alias(
        FunctionName=function.name, Name="live", FunctionVersion=made["Version"]
    )
    assert api.send("GET", "/").body == b"new"
