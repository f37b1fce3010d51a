"""Requests to distributions: origins, policies and edge functions."""

import json
import time
from typing import Any
from uuid import uuid4

import pytest

from local_aws import control
from tests.local_aws.deployed_apis import ECHO, STAGE, Function, RestApi, deploy_function
from tests.local_aws.deployed_balancers import LoadBalancer
from tests.local_aws.deployed_distributions import (
    ALL_VIEWER,
    Distribution,
    api_origin,
    behavior,
    items,
)
from tests.local_aws.deployed_functions import MAY_LOG, DeployedFunctions
from tests.local_aws.http_client import send

pytestmark = pytest.mark.local_aws


@pytest.fixture(scope="module")
def deployed(shared_server: control.Server) -> DeployedFunctions:
    return DeployedFunctions(server=shared_server)


@pytest.fixture(scope="module")
def edge(shared_server: control.Server) -> DeployedFunctions:
    return DeployedFunctions(server=shared_server, region="us-east-1")


@pytest.fixture(scope="module")
def echo(deployed: DeployedFunctions) -> Function:
    return deploy_function(deployed, ECHO)


@pytest.fixture(scope="module")
def api(deployed: DeployedFunctions, shared_server: control.Server, echo: Function) -> RestApi:
    """Return an API whose function returns its event."""
    api = RestApi(deployed, url=shared_server.url)
    api.allow(echo)
    for path in ("/", "/{proxy+}"):
        api.route("ANY", path, echo)
    api.deploy()
    return api


@pytest.fixture
def url(shared_server: control.Server) -> str:
    return shared_server.url


def _edge_function(edge: DeployedFunctions, body: str) -> str:
    """Deploy an edge function whose code uses `event` and `request`; return its version's ARN."""
    name = edge.deploy(
        "exports.handler = async (given) => {"
        f" const event = given.Records[0].cf; const {{ request }} = event; {body} }};",
        role=edge.role(MAY_LOG),
    )
    arn: str = edge.functions.get_function_configuration(FunctionName=name, Qualifier="1")[
        "FunctionArn"
    ]
    return arn


def test_a_request_reaches_the_apis_stage_with_the_parts_the_policy_names(
    edge: DeployedFunctions, api: RestApi, url: str
) -> None:
    distribution = Distribution(
        edge,
        url=url,
        origins=[api_origin(api.id, stage=STAGE, X_Origin="edge")],
        default=behavior("api"),
    )
    answer = distribution.send(
        "POST",
        "/orders/a%2Fb?tag=1&tag=2",
        headers=[
            ("Authorization", "Bearer token"),
            ("X-Own", "1"),
            ("X-Own", "2"),
            ("Cookie", "a=1; b=2"),
            ("User-Agent", "test"),
            ("Content-Type", "text/plain"),
        ],
        body="body",
    )
    assert answer.status == 200
    event = answer.json
    assert (event["path"], event["body"]) == ("/orders/a%2Fb", "body")
    assert event["requestContext"]["stage"] == STAGE
    assert event["multiValueQueryStringParameters"] == {"tag": ["1", "2"]}
    headers = event["multiValueHeaders"]
    assert headers["Authorization"] == ["Bearer token"]
    assert headers["X-Own"] == ["1", "2"]
    assert headers["X-Origin"] == ["edge"]
    assert headers["Cookie"] == ["a=1; b=2"]
    assert headers["User-Agent"] == ["test"]
    assert headers["Host"] == [f"{api.id}.execute-api.eu-west-1.amazonaws.com"]
    assert headers["X-Forwarded-For"] == ["127.0.0.1, 127.0.0.1"]
    assert answer.headers["X-Cache"] == "Miss from cloudfront"
    assert headers["X-Amz-Cf-Id"] == [answer.headers["X-Amz-Cf-Id"]]
    assert answer.headers["Via"] == headers["Via"][0]


def test_the_origin_gets_only_what_the_policies_name(
    edge: DeployedFunctions, api: RestApi, url: str
) -> None:
    policy = edge.client("cloudfront").create_cache_policy(
        CachePolicyConfig={
            "Name": f"policy-{uuid4().hex[:8]}",
            "MinTTL": 0,
            "ParametersInCacheKeyAndForwardedToOrigin": {
                "EnableAcceptEncodingGzip": True,
                "EnableAcceptEncodingBrotli": True,
                "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": items(["X-Named"])},
                "CookiesConfig": {"CookieBehavior": "allExcept", "Cookies": items(["secret"])},
                "QueryStringsConfig": {
                    "QueryStringBehavior": "whitelist",
                    "QueryStrings": items(["page"]),
                },
            },
        }
    )["CachePolicy"]["Id"]
    distribution = Distribution(
        edge,
        url=url,
        origins=[api_origin(api.id, stage=STAGE)],
        default=behavior("api", CachePolicyId=policy, OriginRequestPolicyId=""),
    )
    event = distribution.send(
        "GET",
        "/?page=2&other=3",
        headers=[
            ("Authorization", "Bearer token"),
            ("x-named", "1"),
            ("X-Other", "2"),
            ("Cookie", "secret=1; kept=2"),
            ("User-Agent", "test"),
            ("Accept-Encoding", "gzip, deflate"),
        ],
    ).json
    assert event["queryStringParameters"] == {"page": "2"}
    headers = event["headers"]
    assert {"Authorization", "X-Other"}.isdisjoint(headers)
    assert headers["x-named"] == "1"
    assert headers["Cookie"] == "kept=2"
    assert headers["User-Agent"] == "Amazon CloudFront"
    assert headers["Accept-Encoding"] == "gzip"


def test_an_api_refuses_the_viewers_host_header(
    edge: DeployedFunctions, api: RestApi, url: str
) -> None:
    distribution = Distribution(
        edge,
        url=url,
        origins=[api_origin(api.id, stage=STAGE)],
        default=behavior("api", OriginRequestPolicyId=ALL_VIEWER),
    )
    refused = distribution.send("GET", "/")
    assert (refused.status, refused.json) == (403, {"message": "Forbidden"})
    assert refused.headers["X-Cache"] == "Error from cloudfront"


def _balancer_origin(edge: DeployedFunctions, balancer: LoadBalancer) -> dict[str, Any]:
    cloudfront = edge.client("cloudfront")
    made = cloudfront.create_vpc_origin(
        VpcOriginEndpointConfig={
            "Name": balancer.name,
            "Arn": balancer.arn,
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "http-only",
        }
    )["VpcOrigin"]
    while cloudfront.get_vpc_origin(Id=made["Id"])["VpcOrigin"]["Status"] != "Deployed":
        time.sleep(0.2)
    return {
        "Id": "balancer",
        "DomainName": balancer.dns_name,
        "VpcOriginConfig": {"VpcOriginId": made["Id"]},
    }


def test_the_path_selects_the_origin_and_a_group_fails_over(
    edge: DeployedFunctions,
    deployed: DeployedFunctions,
    api: RestApi,
    url: str,
) -> None:
    balancer = LoadBalancer(deployed, url=url)
    own = deploy_function(
        deployed,
        "exports.handler = async ({ path, headers }) => path.endsWith('broken')"
        " ? { statusCode: 503 } : { statusCode: 200, body: headers.host };",
    )
    balancer.serve(own)
    members = [{"OriginId": "balancer"}, {"OriginId": "api"}]
    group = {
        "Id": "catalog",
        "FailoverCriteria": {"StatusCodes": items([502, 503, 504])},
        "Members": items(members),
    }
    distribution = Distribution(
        edge,
        url=url,
        origins=[api_origin(api.id, stage=STAGE), _balancer_origin(edge, balancer)],
        default=behavior("api"),
        behaviors=[
            {"PathPattern": "/catalog/*"} | behavior("catalog", methods=["GET", "HEAD", "OPTIONS"])
        ],
        OriginGroups=items([group]),
    )
    assert distribution.send("GET", "/catalog/1").body.decode() == balancer.dns_name
    assert distribution.send("GET", "/other/../catalog/1").body.decode() == balancer.dns_name
    assert distribution.send("GET", "/catalog/broken").json["path"] == "/catalog/broken"
    assert distribution.send("GET", "/catalog").json["path"] == "/catalog"

    refused = distribution.send("POST", "/catalog/1")
    assert refused.status == 403
    assert b"The request could not be satisfied" in refused.body


def test_an_edge_function_can_change_the_request(
    edge: DeployedFunctions, deployed: DeployedFunctions, api: RestApi, url: str
) -> None:
    arn = _edge_function(
        edge,
        "request.headers['x-seen'] = [{ key: 'X-Seen', value: JSON.stringify(event) }];"
        "return { ...request, uri: '/changed', querystring: 'b=2' };",
    )
    distribution = Distribution(
        edge,
        url=url,
        origins=[api_origin(api.id, stage=STAGE)],
        default=behavior("api", function=arn),
    )
    event = distribution.send("GET", "/a%20b?a=1", headers=[("X-Own", "1")]).json
    assert (event["path"], event["queryStringParameters"]) == ("/changed", {"b": "2"})
    seen = json.loads(event["headers"]["X-Seen"])
    assert seen["config"]["distributionId"] == distribution.id
    assert seen["config"]["eventType"] == "viewer-request"
    assert seen["request"]["uri"] == "/a%20b"
    assert seen["request"]["querystring"] == "a=1"
    assert (seen["request"]["method"], seen["request"]["clientIp"]) == ("GET", "127.0.0.1")
    assert seen["request"]["headers"]["host"] == [
        {"key": "Host", "value": distribution.domain_name}
    ]
    assert seen["request"]["headers"]["x-own"] == [{"key": "X-Own", "value": "1"}]
    # The function runs and logs in the region nearest to the viewer.
    name = arn.split(":")[6]
    assert any("START" in line for line in deployed.log_messages(f"/aws/lambda/us-east-1.{name}"))


def test_an_edge_function_can_answer_the_request(
    edge: DeployedFunctions, api: RestApi, url: str
) -> None:
    arn = _edge_function(
        edge,
        "return { status: '400', statusDescription: 'Bad', bodyEncoding: 'base64',"
        " headers: { 'x-own': [{ key: 'X-Own', value: '1' }, { value: '2' }] },"
        " body: Buffer.from('no').toString('base64') };",
    )
    distribution = Distribution(
        edge,
        url=url,
        origins=[api_origin(api.id, stage=STAGE)],
        default=behavior("api", function=arn),
    )
    answer = distribution.send("GET", "/")
    assert (answer.status, answer.body) == (400, b"no")
    assert answer.headers.get_all("X-Own") == ["1", "2"]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("throw new Error('inner');", 503),
        ("return 'text';", 502),
        ("request.headers.host[0].value = 'other.example.com'; return request;", 502),
        ("return { ...request, method: 'DELETE' };", 502),
        ("return { ...request, uri: 'relative' };", 502),
        ("return { status: '200', headers: { 'x-own': 'no list' } };", 502),
    ],
)
def test_an_edge_function_that_fails_or_breaks_the_rules_is_an_error(
    edge: DeployedFunctions, api: RestApi, url: str, code: str, status: int
) -> None:
    distribution = Distribution(
        edge,
        url=url,
        origins=[api_origin(api.id, stage=STAGE)],
        default=behavior("api", function=_edge_function(edge, code)),
    )
    failed = distribution.send("GET", "/")
    assert failed.status == status
    assert b"inner" not in failed.body


def test_responses_get_the_headers_of_the_policy(
    edge: DeployedFunctions, api: RestApi, url: str
) -> None:
    policy = edge.client("cloudfront").create_response_headers_policy(
        ResponseHeadersPolicyConfig={
            "Name": f"policy-{uuid4().hex[:8]}",
            "SecurityHeadersConfig": {
                "StrictTransportSecurity": {
                    "Override": True,
                    "IncludeSubdomains": True,
                    "AccessControlMaxAgeSec": 60,
                },
                "FrameOptions": {"Override": True, "FrameOption": "DENY"},
                "ContentTypeOptions": {"Override": True},
            },
            "CustomHeadersConfig": items(
                [{"Header": "Content-Type", "Value": "never/this", "Override": False}]
            ),
            "RemoveHeadersConfig": items([{"Header": "x-amzn-RequestId"}]),
        }
    )["ResponseHeadersPolicy"]["Id"]
    distribution = Distribution(
        edge,
        url=url,
        origins=[api_origin(api.id, stage=STAGE)],
        default=behavior("api", ResponseHeadersPolicyId=policy),
    )
    headers = distribution.send("GET", "/").headers
    assert headers["Strict-Transport-Security"] == "max-age=60; includeSubDomains"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "application/json"
    assert headers["x-amzn-RequestId"] is None


def test_an_error_page_replaces_an_error(
    edge: DeployedFunctions, deployed: DeployedFunctions, url: str
) -> None:
    code = (
        "exports.handler = async ({ path }) => ({"
        " statusCode: path === '/sorry' ? 200 : 404, body: path });"
    )
    function = deploy_function(deployed, code)
    api = RestApi(deployed, url=url)
    api.allow(function)
    api.route("GET", "/{proxy+}", function)
    api.deploy()
    page = {"ErrorCode": 404, "ResponsePagePath": "/sorry", "ResponseCode": "200"}
    distribution = Distribution(
        edge,
        url=url,
        origins=[api_origin(api.id, stage=STAGE)],
        default=behavior("api"),
        CustomErrorResponses=items([page, {"ErrorCode": 403, "ErrorCachingMinTTL": 0}]),
    )
    answer = distribution.send("GET", "/absent")
    assert (answer.status, answer.body) == (200, b"/sorry")


def test_unsupported_settings_and_missing_resources_are_reported(
    edge: DeployedFunctions, url: str
) -> None:
    elsewhere = api_origin("x", stage=STAGE) | {"DomainName": "www.example.com"}
    distribution = Distribution(edge, url=url, origins=[elsewhere], default=behavior("api"))
    answer = distribution.send("GET", "/")
    assert answer.status == 501
    assert "www.example.com" in answer.json["message"]
    absent = send("GET", f"{url}/_local_aws/distributions/ABSENT/")
    assert (absent.status, absent.json["message"]) == (404, "There is no such distribution.")
