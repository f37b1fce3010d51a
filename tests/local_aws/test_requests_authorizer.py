"""Which tokens a Cognito authorizer accepts, and which claims the function gets."""

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

import pytest
from moto.cognitoidp.models import cognitoidp_backends
from werkzeug.datastructures import Headers

from local_aws.extensions.apigateway.snapshot import Authorizer, Method, Snapshot
from local_aws.extensions.cognitoidp.tokens import UserPool
from local_aws.requests.messages import Request
from local_aws.requests.rest_api.authorizer import authorize
from local_aws.requests.rest_api.failures import GatewayError
from local_aws.requests.unsupported import UnsupportedError

pytestmark = pytest.mark.local_aws

SCOPES = ("shop/orders.write", "shop/orders.read")


def _pool() -> UserPool:
    backend = cognitoidp_backends["123456789012"]["eu-west-1"]
    return cast("UserPool", backend.create_user_pool("people", {}))


@pytest.fixture(scope="module")
def pool() -> UserPool:
    return _pool()


def _token(pool: UserPool, **claims: object) -> str:
    now = int(time.time())
    usual = {
        "sub": "ann",
        "iss": pool.issuer,
        "token_use": "access",
        "scope": "openid shop/orders.read",
        "iat": now,
        "exp": now + 60,
    }
    return pool.sign(usual | claims)


def _authorize(
    pool: UserPool,
    header: str | None,
    *,
    scopes: tuple[str, ...] = SCOPES,
    method_options: Mapping[str, Any] = MappingProxyType({}),
    **authorizer: Any,  # noqa: ANN401  # fields of any type
) -> dict[str, str] | None:
    options: dict[str, Any] = {
        "name": "people",
        "type": "COGNITO_USER_POOLS",
        "provider_arns": (pool.arn,),
        "identity_source": "method.request.header.Authorization",
        "validation_expression": None,
    }
    guarded: dict[str, Any] = {
        "operation": None,
        "authorization": "COGNITO_USER_POOLS",
        "authorizer_id": "a1",
        "scopes": scopes,
        "api_key_required": False,
        "parameters": {},
        "models": {},
        "validator_id": None,
        "integration": None,
    }
    guarded.update(method_options)
    snapshot = Snapshot(
        api_id="api",
        name="shop",
        description="",
        account="123456789012",
        region="eu-west-1",
        disabled=False,
        resources=(),
        authorizers={"a1": Authorizer(**(options | authorizer))},
        validators={},
        models={},
        gateway_responses={},
        binary_media_types=(),
    )
    request = Request(
        method="GET",
        path="/",
        query="",
        headers=Headers({"authorization": header} if header is not None else {}),
        body=b"",
        source_ip="127.0.0.1",
        protocol="HTTP/1.1",
    )
    return authorize(request, method=Method(**guarded), snapshot=snapshot)


def test_claims_are_passed_to_the_function_as_text(pool: UserPool) -> None:
    token = _token(
        pool, auth_time=1574911451, iat=1574911451, email_verified=True, groups=["staff", "other"]
    )
    for header in (token, f"Bearer {token}"):
        claims = _authorize(pool, header)
        assert claims is not None
        assert claims["sub"] == "ann"
        # AWS formats the times of issue and expiry as dates, and other times as numbers.
        assert claims["iat"] == "Thu Nov 28 03:24:11 UTC 2019"
        assert claims["auth_time"] == "1574911451"
        assert claims["email_verified"] == "true"
        assert claims["groups"] == "staff,other"


def test_methods_without_scopes_need_an_id_token(pool: UserPool) -> None:
    identity = _token(pool, token_use="id", scope=None)  # noqa: S106  # a kind of token
    assert _authorize(pool, identity, scopes=()) is not None
    for token, scopes in ((identity, SCOPES), (_token(pool), ())):
        with pytest.raises(GatewayError) as refused:
            _authorize(pool, token, scopes=scopes)
        assert refused.value.type == "UNAUTHORIZED"


@pytest.mark.parametrize("header", [None, "", "Bearer ", "nonsense", "a.b.c", "Bearer a.b.c"])
def test_a_request_without_a_token_is_refused(pool: UserPool, header: str | None) -> None:
    with pytest.raises(GatewayError) as refused:
        _authorize(pool, header)
    assert (refused.value.type, refused.value.message) == ("UNAUTHORIZED", "Unauthorized")


def test_a_token_that_the_pool_did_not_sign_is_refused(pool: UserPool) -> None:
    other = _pool()
    head, body, _ = _token(pool).split(".")
    unsigned = "eyJhbGciOiJub25lIn0." + body + "."
    forged = f"{head}.{body}.{_token(other).split('.')[2]}"
    for token in (_token(other), _token(other, iss=pool.issuer), unsigned, forged):
        with pytest.raises(GatewayError) as refused:
            _authorize(pool, token)
        assert refused.value.type == "UNAUTHORIZED"
    assert _authorize(pool, _token(other), provider_arns=(pool.arn, other.arn)) is not None


def test_an_expired_token_is_refused_with_a_message(pool: UserPool) -> None:
    with pytest.raises(GatewayError) as refused:
        _authorize(pool, _token(pool, exp=int(time.time()) - 1))
    assert refused.value.type == "UNAUTHORIZED"
    assert refused.value.message == "The incoming token has expired"


def test_a_token_without_any_of_the_scopes_is_denied(pool: UserPool) -> None:
    with pytest.raises(GatewayError) as refused:
        _authorize(pool, _token(pool, scope="openid shop/products.write"))
    assert (refused.value.type, refused.value.kind.status) == ("ACCESS_DENIED", 403)


def test_a_token_must_match_the_validation_expression(pool: UserPool) -> None:
    token = _token(pool)
    assert _authorize(pool, f"Bearer {token}", validation_expression="Bearer .*") is not None
    with pytest.raises(GatewayError):
        _authorize(pool, token, validation_expression="Bearer .*")


@pytest.mark.parametrize("option", [{"authorization": "AWS_IAM"}, {"api_key_required": True}])
def test_an_unsupported_authorization_raises_an_error(
    pool: UserPool, option: Mapping[str, Any]
) -> None:
    with pytest.raises(UnsupportedError, match="The embedded AWS lacks"):
        _authorize(pool, _token(pool), method_options=option)
