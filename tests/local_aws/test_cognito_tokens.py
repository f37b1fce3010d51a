"""Tokens of user pools: their signing keys and lifetimes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwk, jwt
from joserfc.errors import InvalidKeyIdError

from local_aws import control
from tests.local_aws.http_client import send

pytestmark = pytest.mark.local_aws

SECRET = "Pass-word-1"  # noqa: S105  # of a user who lives in memory


@pytest.fixture
def cognito(connect: Callable[..., Any]) -> Any:  # noqa: ANN401  # its types are not installed
    return connect("cognito-idp", region="eu-west-1")


def _keys(server: control.Server, pool: str) -> jwk.KeySet:
    published = send("GET", f"{server.url}/{pool}/.well-known/jwks.json")
    return jwk.KeySet.import_key_set(json.loads(published.body))


def test_each_pool_signs_with_its_own_key_and_publishes_it(
    cognito: Any,  # noqa: ANN401
    shared_server: control.Server,
) -> None:
    pool = cognito.create_user_pool(PoolName="people")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="web",
        ExplicitAuthFlows=["ADMIN_NO_SRP_AUTH"],
        AccessTokenValidity=15,
        IdTokenValidity=2,
        TokenValidityUnits={"AccessToken": "minutes"},
    )["UserPoolClient"]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool, Username="ann")
    cognito.admin_set_user_password(
        UserPoolId=pool, Username="ann", Password=SECRET, Permanent=True
    )
    tokens = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_NO_SRP_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": SECRET},
    )["AuthenticationResult"]

    keys = _keys(shared_server, pool)
    access = jwt.decode(tokens["AccessToken"], keys).claims
    identity = jwt.decode(tokens["IdToken"], keys).claims
    assert access["iss"] == f"https://cognito-idp.eu-west-1.amazonaws.com/{pool}"
    assert (access["token_use"], access["client_id"], access["username"]) == (
        "access",
        client,
        "ann",
    )
    assert access["exp"] - access["iat"] == tokens["ExpiresIn"] == 15 * 60
    assert identity["exp"] - identity["iat"] == 2 * 60 * 60

    other = cognito.create_user_pool(PoolName="others")["UserPool"]["Id"]
    with pytest.raises(InvalidKeyIdError):
        jwt.decode(tokens["AccessToken"], _keys(shared_server, other))


def test_a_missing_pool_publishes_no_key(shared_server: control.Server) -> None:
    answer = send("GET", f"{shared_server.url}/eu-west-1_absent/.well-known/jwks.json")
    assert (answer.status, answer.json) == (
        404,
        {"message": "User Pool eu-west-1_absent does not exist."},
    )
