"""Who may send which requests to the embedded AWS."""

import json
from collections.abc import Callable, Generator, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from http.client import HTTPConnection, RemoteDisconnected
from typing import Any, cast
from unittest.mock import Mock
from urllib.parse import urlsplit

import botocore.auth
import botocore.session
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from local_aws import control
from local_aws.access import keys
from local_aws.access.credentials import read_credentials
from local_aws.access.refusals import Reason
from local_aws.access.signatures import Signature, SignatureError
from local_aws.execution.roles import RoleSession
from local_aws.execution.runtime_api import RuntimeApi
from tests.local_aws.deployed_functions import DeployedFunctions
from tests.local_aws.http_client import Answer, send

pytestmark = pytest.mark.local_aws

Headers = Iterable[tuple[str, str]]

REGION = "eu-west-1"
TARGET = ("X-Amz-Target", "TrentService.ListKeys")
JSON = ("Content-Type", "application/x-amz-json-1.1")
FORM = ("Content-Type", "application/x-www-form-urlencoded")
SCOPE = "AKIAFORGEDFORGEDFORG/20260101/eu-west-1/lambda/aws4_request"
FORGED = (
    "Authorization",
    f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature={'0' * 64}",
)


@pytest.fixture
def url(shared_server: control.Server) -> str:
    return shared_server.url


@pytest.fixture
def own(shared_server: control.Server) -> Credentials:
    """Return the key of the user of this machine."""
    read = read_credentials(shared_server.credentials_file)
    return Credentials(read.access_key_id, read.secret_access_key)


def _signed(
    url: str, credentials: Credentials, *, headers: Headers = (), body: str = "{}"
) -> list[tuple[str, str]]:
    """Return the headers of a request to KMS that lists the keys, with its signature."""
    request = AWSRequest("POST", url, headers=dict([JSON, TARGET, *headers]), data=body)
    SigV4Auth(credentials, "kms", REGION).add_auth(request)
    return [(name, str(value)) for name, value in request.headers.items()]


def _code(answer: Answer) -> str:
    return answer.json["__type"]


def _has_cors_headers(answer: Answer) -> bool:
    return any(name.lower().startswith("access-control-") for name in answer.headers)


@pytest.mark.parametrize("path", ["/", "/_local_aws/instance", "/_local_aws/distributions/D/"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "localhost", "127.0.0.1:1"])
def test_a_host_name_of_another_site_is_refused(url: str, path: str, host: str) -> None:
    answer = send("GET", url + path, headers=[("Host", host)])
    assert (answer.status, answer.body.count(b"\n")) == (421, 1)


def test_the_name_localhost_is_accepted(url: str, own: Credentials) -> None:
    by_name = url.replace("127.0.0.1", "localhost")
    assert "Keys" in send("POST", by_name, headers=_signed(by_name, own), body="{}").json


@pytest.mark.parametrize(
    "page",
    [
        [("Origin", "http://evil.example")],
        [("Origin", "http://localhost:3000"), ("Sec-Fetch-Site", "same-site")],
        [("Origin", "null")],
        [("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "same-site")],
    ],
)
def test_pages_of_other_origins_may_not_call_the_api(
    url: str, own: Credentials, page: Headers
) -> None:
    for method, path, headers in (
        ("GET", "/_local_aws/instance", []),
        ("POST", "/", _signed(url, own)),
        ("OPTIONS", "/2015-03-31/functions", [("Access-Control-Request-Method", "POST")]),
        ("POST", "/moto-api/reset", []),
    ):
        answer = send(method, url + path, headers=[*headers, *page])
        assert answer.status == 403
        assert not _has_cors_headers(answer)


def test_pages_of_other_origins_reach_deployed_resources(url: str) -> None:
    page = [("Origin", "http://shop.example"), ("Sec-Fetch-Site", "cross-site")]
    api = send("GET", f"{url}/restapis/absent/prod/_user_request_/orders", headers=page)
    token = send("GET", f"{url}/oauth2/token", headers=page)
    assert (api.json, token.status) == ({"message": "Forbidden"}, 405)


def test_no_answer_lets_a_browser_read_it(url: str, own: Credentials) -> None:
    page = [("Origin", url)]
    answer = send("POST", url, headers=[*_signed(url, own), *page], body="{}")
    assert answer.status == 200
    assert not _has_cors_headers(answer)


@pytest.mark.parametrize("path", ["/moto-api/", "/moto-api/reset", "/moto-api/data.json"])
def test_motos_control_interface_is_gone(url: str, own: Credentials, path: str) -> None:
    for headers in ([], _signed(url + path, own)):
        assert send("POST", url + path, headers=headers, body="{}").status == 404


def test_the_identity_says_only_which_server_it_is(shared_server: control.Server) -> None:
    answer = send("GET", f"{shared_server.url}/_local_aws/instance")
    assert answer.json == {"instance_id": shared_server.instance_id}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("POST", "/", [JSON, TARGET], 400, '"MissingAuthenticationTokenException"'),
        ("POST", "/", [FORM], 403, "<Code>MissingAuthenticationToken</Code>"),
        ("GET", "/bucket", [], 403, "<Code>AccessDenied</Code>"),
        ("POST", "/2015-03-31/functions", [], 403, "<Code>AccessDenied</Code>"),
        ("POST", "/2015-03-31/functions", [FORGED], 403, "IncompleteSignatureException"),
        ("GET", "/latest/meta-data/iam/security-credentials/", [], 403, "AccessDenied"),
        ("POST", "/iam_us-east-1/", [FORM], 403, "<Code>MissingAuthenticationToken</Code>"),
        ("GET", "/", [("Authorization", "AWS AKIA:x")], 403, "AuthorizationHeaderMalformed"),
    ],
)
def test_requests_without_a_signature_are_refused(
    url: str, method: str, path: str, headers: Headers, status: int, code: str
) -> None:
    answer = send(method, url + path, headers=headers, body="Action=ListUsers&Version=2010-05-08")
    assert answer.status == status
    assert code in answer.body.decode()


@pytest.mark.parametrize(
    ("service", "operation", "unknown", "wrong"),
    [
        ("kms", "list_keys", "UnrecognizedClientException", "InvalidSignatureException"),
        ("lambda", "list_functions", "UnrecognizedClientException", "InvalidSignatureException"),
        ("iam", "list_users", "InvalidClientTokenId", "SignatureDoesNotMatch"),
        ("cloudfront", "list_distributions", "InvalidClientTokenId", "SignatureDoesNotMatch"),
        ("ec2", "describe_vpcs", "AuthFailure", "AuthFailure"),
        ("s3", "list_buckets", "InvalidAccessKeyId", "SignatureDoesNotMatch"),
    ],
)
def test_wrong_keys_are_refused_as_on_aws(
    url: str, own: Credentials, service: str, operation: str, unknown: str, wrong: str
) -> None:
    for key, code in (("AKIAFORGEDFORGEDFORG", unknown), (own.access_key, wrong)):
        client = botocore.session.get_session().create_client(
            service,
            region_name=REGION,
            endpoint_url=url,
            aws_access_key_id=key,
            aws_secret_access_key="test",  # noqa: S106  # the wrong secret
            config=Config(retries={"max_attempts": 0}),
        )
        with pytest.raises(ClientError) as refused:
            getattr(client, operation)()
        assert refused.value.response.get("Error", {}).get("Code") == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"body": '{"Limit": 1}'}, "InvalidSignatureException"),
        ({"path": "/other"}, "InvalidSignatureException"),
        ({"path": "/?a=b"}, "InvalidSignatureException"),
        ({"X-Amz-Target": "TrentService.CreateKey"}, "InvalidSignatureException"),
        ({"X-Amz-Added": "unsigned"}, "IncompleteSignatureException"),
        ({"X-Amz-Content-Sha256": "0" * 64}, "IncompleteSignatureException"),
        ({"X-Amz-Date": "20200101T000000Z"}, "IncompleteSignatureException"),
    ],
)
def test_a_signature_holds_for_one_request(
    url: str, own: Credentials, change: dict[str, str], code: str
) -> None:
    address, body = url + change.pop("path", "/"), change.pop("body", "{}")
    headers = dict(_signed(f"{url}/", own)) | change
    refused = send("POST", address, headers=headers.items(), body=body)
    assert (refused.status, _code(refused)) == (400, code)


def test_a_signed_hash_of_other_content_is_refused(url: str, own: Credentials) -> None:
    headers = _signed(url, own, headers=[("X-Amz-Content-Sha256", "0" * 64)])
    assert _code(send("POST", url, headers=headers, body="{}")) == "InvalidSignatureException"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return a function that sets the clock of this process's signatures wrong."""

    def set_wrong(minutes: float) -> None:
        now = datetime.now(timezone.utc) + timedelta(minutes=minutes)
        monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: now)

    return set_wrong


@pytest.mark.parametrize(("minutes", "status"), [(-16, 400), (-14, 200), (14, 200), (16, 400)])
def test_a_signature_is_valid_for_fifteen_minutes(
    url: str, own: Credentials, clock: Callable[[float], None], minutes: float, status: int
) -> None:
    clock(minutes)
    answer = send("POST", url, headers=_signed(url, own), body="{}")
    assert answer.status == status
    if status != 200:
        assert _code(answer) == "RequestExpired"


@pytest.fixture
def bucket(url: str, own: Credentials) -> Generator[Any]:
    """Create a bucket and return a client of S3 that signs URLs."""
    client = botocore.session.get_session().create_client(
        "s3",
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id=own.access_key,
        aws_secret_access_key=own.secret_key,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    s3 = cast("Any", client)
    s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": REGION})
    yield s3
    s3.delete_object(Bucket="files", Key=KEY)
    s3.delete_bucket(Bucket="files")


KEY = "a b/../ü+&=%~*'().txt"


def test_s3_takes_signed_headers_and_presigned_urls(
    bucket: Any,  # noqa: ANN401  # its types are not installed
    clock: Callable[[float], None],
) -> None:
    bucket.put_object(Bucket="files", Key=KEY, Body=b"hello", Metadata={"who": "ann"})
    named = {"Bucket": "files", "Key": KEY}
    read = bucket.generate_presigned_url("get_object", Params=named)
    write = bucket.generate_presigned_url("put_object", Params=named)
    assert send("GET", read).body == b"hello"
    assert send("PUT", write, body="bye").status == 200
    assert send("GET", read).body == b"bye"

    for refused, code in (
        (send("PUT", read, body="no"), b"SignatureDoesNotMatch"),
        (send("GET", read.replace("files", "other")), b"SignatureDoesNotMatch"),
        (send("GET", read.replace("Expires=3600", "Expires=3601")), b"SignatureDoesNotMatch"),
    ):
        assert refused.status == 403
        assert code in refused.body
    clock(-2)
    old = bucket.generate_presigned_url("get_object", Params=named, ExpiresIn=60)
    assert send("GET", old).status == 403
    assert send("GET", old.replace("Expires=60", "Expires=99999999")).status == 403


def _client(service: str, url: str, keys_of: Mapping[str, str]) -> Any:  # noqa: ANN401  # the type depends on the service
    return botocore.session.get_session().create_client(
        service,
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id=keys_of["AccessKeyId"],
        aws_secret_access_key=keys_of["SecretAccessKey"],
        aws_session_token=keys_of.get("SessionToken"),
        config=Config(retries={"max_attempts": 0}),
    )


def test_a_role_session_of_sts_may_do_what_its_role_allows(shared_server: control.Server) -> None:
    deployed = DeployedFunctions(server=shared_server)
    role = deployed.role({"Effect": "Allow", "Action": "kms:ListKeys", "Resource": "*"})
    given = deployed.client("sts").assume_role(RoleArn=role, RoleSessionName="ann")["Credentials"]

    assert "Keys" in _client("kms", shared_server.url, given).list_keys()
    with pytest.raises(ClientError, match="AccessDenied"):
        _client("iam", shared_server.url, given).list_users()
    for token in ({}, {"SessionToken": "another"}):
        stolen = {name: given[name] for name in ("AccessKeyId", "SecretAccessKey")} | token
        with pytest.raises(ClientError, match="UnrecognizedClientException"):
            _client("kms", shared_server.url, stolen).list_keys()


def test_the_credentials_of_an_ended_function_are_refused(shared_server: control.Server) -> None:
    deployed = DeployedFunctions(server=shared_server)
    role = deployed.role({"Effect": "Allow", "Action": "*", "Resource": "*"})
    name = deployed.deploy("exports.handler = async () => ({ ...process.env });", role=role)
    given = deployed.invoke(name).payload

    assert "Keys" in deployed.client("kms", given).list_keys()
    deployed.functions.delete_function(FunctionName=name)
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        deployed.client("kms", given).list_keys()


def test_an_expired_session_is_refused(
    monkeypatch: pytest.MonkeyPatch, shared_server: control.Server
) -> None:
    ended = RoleSession(
        role_arn="arn:aws:iam::123456789012:role/r",
        arn="arn:aws:sts::123456789012:assumed-role/r/ann",
        function_arn=None,
        access_key_id="ASIA",
        secret_access_key="s",  # noqa: S106  # of no session
        session_token="t",  # noqa: S106  # of no session
        expires_at=datetime.now(timezone.utc) - timedelta(seconds=1),
    )
    monkeypatch.setattr(keys, "session_of", Mock(return_value=ended))
    signature = Signature(
        access_key_id="ASIA",
        region=REGION,
        service="kms",
        timestamp="20260101T000000Z",
        valid=None,
        headers=("host",),
        session_token="t",  # noqa: S106  # of no session
        value="0" * 64,
    )
    user = read_credentials(shared_server.credentials_file)
    with pytest.raises(SignatureError) as refused:
        keys.find_secret(signature, user=user)
    assert refused.value.reason is Reason.EXPIRED_SESSION


def test_only_public_operations_of_user_pools_need_no_signature(url: str) -> None:
    def ask(operation: str, path: str = "/") -> Answer:
        target = ("X-Amz-Target", f"AWSCognitoIdentityProviderService.{operation}")
        body = json.dumps({"ClientId": "absent", "Username": "ann", "Password": "Pass-word-1"})
        return send("POST", url + path, headers=[JSON, target], body=body)

    assert _code(ask("SignUp")) == "ResourceNotFoundException"
    for refused in (
        ask("AdminCreateUser"),
        ask("ListUserPools"),
        ask("SignUp", "/?Action=AdminCreateUser"),
        ask("SignUp", "/eu-west-1_pool/.well-known/jwks.json"),
    ):
        assert _code(refused) == "MissingAuthenticationTokenException"


def test_absolute_request_targets_are_refused(url: str) -> None:
    netloc = urlsplit(url).netloc
    connection = HTTPConnection(netloc, timeout=30)
    connection.request("GET", f"{url}/_local_aws/instance")
    assert connection.getresponse().status == 421
    connection.close()


@pytest.mark.parametrize(
    ("method", "operation"), [("GET", "next"), ("POST", "1/response"), ("POST", "1/error")]
)
def test_another_process_cannot_take_a_functions_events(method: str, operation: str) -> None:
    api = RuntimeApi()
    host = api.address.partition("/")[0]
    with pytest.raises(RemoteDisconnected):
        send(method, f"http://{host}/2018-06-01/runtime/invocation/{operation}", body="{}")
    api.close()
