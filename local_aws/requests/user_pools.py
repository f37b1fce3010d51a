"""Finds user pools and their clients, and verifies tokens."""

from dataclasses import dataclass
from typing import Any, cast

from joserfc import jwk, jwt
from joserfc.errors import JoseError
from moto.cognitoidp.models import CognitoIdpUserPoolClient, cognitoidp_backends

from local_aws.backends import every_backend
from local_aws.extensions.cognitoidp.tokens import ALGORITHM, UserPool


@dataclass(frozen=True, kw_only=True)
class Client:
    """An app client and the pool that it belongs to."""

    pool: UserPool
    client: CognitoIdpUserPoolClient


def pool_of_arn(arn: str) -> UserPool | None:
    """Return the user pool with an ARN, if there is one."""
    _, _, _, region, account, resource = arn.split(":", 5)
    pool = cognitoidp_backends[account][region].user_pools.get(resource.removeprefix("userpool/"))
    return cast("UserPool | None", pool)


def client_of_id(client_id: str) -> Client | None:
    """Return the app client with an id in any pool, if there is one."""
    for backend in every_backend(cognitoidp_backends):
        for pool in list(backend.user_pools.values()):
            if client := pool.clients.get(client_id):
                return Client(pool=cast("UserPool", pool), client=client)
    return None


def claims_of(token: str, *, pools: list[UserPool]) -> dict[str, Any] | None:
    """Return a token's claims if one of the pools signed it; the token may have expired."""
    for pool in pools:
        keys = jwk.KeySet([pool.json_web_key])
        try:
            claims = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            continue
        if claims.get("iss") == pool.issuer:
            return claims
    return None
