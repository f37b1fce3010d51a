"""Requests to load balancers: rules, events and responses."""

import base64
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from local_aws import control
from tests.local_aws.deployed_apis import ECHO, Function, deploy_function
from tests.local_aws.deployed_balancers import LoadBalancer, host, method, path
from tests.local_aws.deployed_functions import DeployedFunctions
from tests.local_aws.http_client import send

pytestmark = pytest.mark.local_aws

RETURN_BODY = "exports.handler = async ({ body }) => JSON.parse(body);"
JSON = ("Content-Type", "application/json")


@pytest.fixture(scope="module")
def deployed(shared_server: control.Server) -> DeployedFunctions:
    return DeployedFunctions(server=shared_server)


@pytest.fixture(scope="module")
def echo(deployed: DeployedFunctions) -> Function:
    return deploy_function(deployed, ECHO)


@pytest.fixture(scope="module")
def scripted(deployed: DeployedFunctions) -> Function:
    """Return a function that returns the response in the request's body."""
    return deploy_function(deployed, RETURN_BODY)


@pytest.fixture
def balancer(deployed: DeployedFunctions, shared_server: control.Server) -> LoadBalancer:
    return LoadBalancer(deployed, url=shared_server.url)


def test_the_function_gets_the_documented_event(balancer: LoadBalancer, echo: Function) -> None:
    group = balancer.serve(echo)
    answer = balancer.send(
        "POST",
        "/catalog/a%2Fb?tag=1&tag=2%2B3&flag",
        headers=[("X-Two", "1"), ("x-two", "2"), JSON, ("X-Forwarded-For", "203.0.113.9")],
        body='{"a": "ü"}',
    )
    event = answer.json
    headers = event.pop("headers")
    assert headers.pop("host").startswith("127.0.0.1:")
    assert headers.pop("x-amzn-trace-id").startswith("Root=1-")
    assert headers == {
        "x-two": "2",
        "content-type": "application/json",
        "content-length": "11",
        "x-forwarded-for": "203.0.113.9, 127.0.0.1",
        "x-forwarded-port": "80",
        "x-forwarded-proto": "http",
    }
    assert event == {
        "requestContext": {"elb": {"targetGroupArn": group}},
        "httpMethod": "POST",
        "path": "/catalog/a%2Fb",
        "queryStringParameters": {"tag": "2%2B3", "flag": ""},
        "body": '{"a": "ü"}',
        "isBase64Encoded": False,
    }


def test_repeated_values_are_lists_if_the_target_group_is_set_so(
    balancer: LoadBalancer, echo: Function
) -> None:
    balancer.serve(echo, multi_value=True)
    event = balancer.send("GET", "/?tag=1&tag=2", headers=[("X-Two", "1"), ("X-Two", "2")]).json
    assert event["multiValueQueryStringParameters"] == {"tag": ["1", "2"]}
    assert event["multiValueHeaders"]["x-two"] == ["1", "2"]
    assert event.keys().isdisjoint({"queryStringParameters", "headers"})
    assert (event["body"], event["isBase64Encoded"]) == ("", False)


@pytest.mark.parametrize(
    "headers",
    [
        [("Content-Type", "image/png")],
        [],
        [JSON, ("Content-Encoding", "gzip")],
    ],
)
def test_a_binary_body_is_encoded_in_base64(
    balancer: LoadBalancer, echo: Function, headers: list[tuple[str, str]]
) -> None:
    balancer.serve(echo)
    event = balancer.send("POST", "/", headers=headers, body=bytes(range(256))).json
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == bytes(range(256))


def _said(text: str) -> dict[str, Any]:
    config = {"StatusCode": "200", "ContentType": "text/plain", "MessageBody": text}
    return {"Type": "fixed-response", "FixedResponseConfig": config}


def test_rules_apply_in_order_of_priority(
    balancer: LoadBalancer, shared_server: control.Server
) -> None:
    balancer.rule(30, path("/catalog/*"), action=_said("catalogue"))
    balancer.rule(10, path("/catalog/?"), method("GET", "HEAD"), action=_said("short"))
    balancer.rule(20, path("/catalog/*"), host("*OCALHOST"), action=_said("example"))
    own = [("Host", f"localhost:{urlsplit(shared_server.url).port}")]
    for verb, address, headers, said in (
        ("GET", "/catalog/1", [], "short"),
        ("POST", "/catalog/1", [], "catalogue"),
        ("GET", "/catalog/12", [], "catalogue"),
        ("GET", "/catalog/", [], "catalogue"),
        ("GET", "/catalog/12", own, "example"),
    ):
        answer = balancer.send(verb, address, headers=headers)
        assert (answer.status, answer.body.decode()) == (200, said)
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    for address in ("/catalog", "/Catalog/1", "/"):
        missing = balancer.send("GET", address)
        assert (missing.status, missing.json) == (404, {"status": 404})


def test_the_functions_response_is_returned(balancer: LoadBalancer, scripted: Function) -> None:
    balancer.serve(scripted)
    wanted = {
        "statusCode": 201,
        "statusDescription": "201 Created",
        "headers": {"X-One": "1", "Content-Type": "image/png", "Connection": "close"},
        "multiValueHeaders": {"X-Ignored": ["1"]},
        "isBase64Encoded": True,
        "body": base64.b64encode(bytes(range(256))).decode(),
    }
    answer = balancer.send("POST", "/", headers=[JSON], body=json.dumps(wanted))
    assert (answer.status, answer.body) == (201, bytes(range(256)))
    assert (answer.headers["X-One"], answer.headers["X-Ignored"]) == ("1", None)


def test_multiple_header_values_are_returned(balancer: LoadBalancer, scripted: Function) -> None:
    balancer.serve(scripted, multi_value=True)
    wanted = {"statusCode": "200", "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]}}
    answer = balancer.send("POST", "/", headers=[JSON], body=json.dumps(wanted))
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize(
    "answer",
    [
        "text",
        {"body": "no status"},
        {"statusCode": "many"},
        {"statusCode": 200, "headers": {"X": ["list"]}},
        {"statusCode": 200, "headers": {"X": "two\nlines"}},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "body": "!", "isBase64Encoded": True},
    ],
    ids=str,
)
def test_an_invalid_response_is_a_bad_gateway(
    balancer: LoadBalancer, scripted: Function, answer: object
) -> None:
    balancer.serve(scripted)
    malformed = balancer.send("POST", "/", headers=[JSON], body=json.dumps(answer))
    assert malformed.status == 502
    assert b"502 Bad Gateway" in malformed.body


def test_requests_and_responses_are_limited_to_one_megabyte(
    balancer: LoadBalancer, deployed: DeployedFunctions
) -> None:
    large = deploy_function(
        deployed,
        "exports.handler = async () => ({ statusCode: 200, body: 'x'.repeat(1024 * 1024) });",
    )
    balancer.serve(large)
    assert balancer.send("POST", "/", body=b"x" * (1024 * 1024 + 1)).status == 413
    assert balancer.send("GET", "/").status == 502


def test_a_function_that_fails_is_a_bad_gateway(
    balancer: LoadBalancer, deployed: DeployedFunctions
) -> None:
    failing = deploy_function(deployed, "exports.handler = async () => { throw Error('inner'); };")
    balancer.serve(failing)
    failed = balancer.send("GET", "/")
    assert failed.status == 502
    assert b"inner" not in failed.body


def test_registering_and_invoking_a_function_need_permission(
    balancer: LoadBalancer, deployed: DeployedFunctions, echo: Function
) -> None:
    group = balancer.target_group()
    balancer.rule(1, path("*"), action=group)
    assert balancer.send("GET", "/").status == 503
    with pytest.raises(balancer.client.exceptions.ClientError, match="does not have permission"):
        balancer.register(echo, group)

    balancer.allow(echo, group)
    balancer.register(echo, group)
    assert balancer.send("GET", "/").status == 200
    deployed.functions.remove_permission(
        FunctionName=echo.name, Qualifier="live", StatementId=group.rpartition("/")[2]
    )
    assert balancer.send("GET", "/").status == 502


def test_invalid_header_names_are_dropped_on_request(
    balancer: LoadBalancer, echo: Function
) -> None:
    balancer.serve(echo)
    headers = [("X_Under", "1"), ("X-Dash", "2")]
    assert "x_under" in balancer.send("GET", "/", headers=headers).json["headers"]
    attribute = {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}
    balancer.client.modify_load_balancer_attributes(
        LoadBalancerArn=balancer.arn, Attributes=[attribute]
    )
    kept = balancer.send("GET", "/", headers=headers).json["headers"]
    assert "x_under" not in kept
    assert kept["x-dash"] == "2"


def test_unsupported_settings_and_missing_resources_are_reported(
    balancer: LoadBalancer, shared_server: control.Server
) -> None:
    source = {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}}
    balancer.rule(1, source, action=_said("inside"))
    answer = balancer.send("GET", "/")
    assert answer.status == 501
    assert "source-ip" in answer.json["message"]
    absent = send("GET", f"{shared_server.url}/_local_aws/load-balancers/absent/")
    assert (absent.status, absent.json["message"]) == (404, "There is no such load balancer.")
