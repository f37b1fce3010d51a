"""Tokens of user pools; gaps of moto 5.2.5.

- All pools sign with one key pair, whose private key is published in moto's code.
- Tokens live for an hour, whatever lifetime their client has.
"""

import json
from typing import Any

from joserfc import jwk, jwt
from moto.cognitoidp import urls
from moto.cognitoidp.models import CognitoIdpUserPool, CognitoIdpUserPoolClient, cognitoidp_backends
from moto.core.common_types import TYPE_RESPONSE

from local_aws.backends import every_backend
from local_aws.graft import graft

ALGORITHM = "RS256"

_KEY_BITS = 2048
_HOUR = 3_600
_UNITS = {"seconds": 1, "minutes": 60, "hours": _HOUR, "days": 24 * _HOUR}

_init = CognitoIdpUserPool.__init__
_create_jwt = CognitoIdpUserPool.create_jwt


@graft
class UserPool(CognitoIdpUserPool):
    """A user pool with its own signing key."""

    def __init__(
        self, account_id: str, region: str, name: str, extended_config: dict[str, Any]
    ) -> None:
        _init(self, account_id, region, name, extended_config)
        self.json_web_key = jwk.RSAKey.generate_key(
            _KEY_BITS, {"alg": ALGORITHM, "use": "sig"}, auto_kid=True
        )

    @property
    def issuer(self) -> str:
        """The issuer of its tokens."""
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.id}"

    def sign(self, claims: dict[str, Any]) -> str:
        """Return a signed token with these claims."""
        header = {"kid": self.json_web_key.kid, "alg": ALGORITHM}
        return jwt.encode(header, claims, self.json_web_key)

    def create_jwt(
        self,
        client_id: str,
        username: str,
        token_use: str,
        expires_in: int = _HOUR,
        extra_data: dict[str, Any] | None = None,
    ) -> tuple[str, int]:
        """Return a user's token and its lifetime in seconds."""
        client = self.clients.get(client_id)
        seconds = lifetime_seconds(client, token_use=token_use) if client else expires_in
        unsigned, _ = _create_jwt(self, client_id, username, token_use, seconds, extra_data)
        return self.sign(jwt.decode(unsigned, self.json_web_key).claims), seconds


def lifetime_seconds(client: CognitoIdpUserPoolClient, *, token_use: str) -> int:
    """Return the lifetime of a client's tokens; `token_use` is `access` or `id`."""
    kind = token_use.title()
    amount: int | None = client.extended_config.get(f"{kind}TokenValidity")
    units: dict[str, str] = client.extended_config.get("TokenValidityUnits") or {}
    return amount * _UNITS[units.get(f"{kind}Token", "hours")] if amount else _HOUR


def _serve_keys(request: Any, *_others: object) -> TYPE_RESPONSE:  # noqa: ANN401  # Flask's or requests'
    pool_id = request.path.strip("/").partition("/")[0]
    for backend in every_backend(cognitoidp_backends):
        if pool := backend.user_pools.get(pool_id):
            keys = {"keys": [pool.json_web_key.as_dict(private=False)]}
            return 200, {"Content-Type": "application/json"}, json.dumps(keys)
    missing = {"message": f"User Pool {pool_id} does not exist."}
    return 404, {"Content-Type": "application/json"}, json.dumps(missing)


_PATH = "{0}/(?P<user_pool_id>[^/]+)/.well-known/jwks.json$"
urls.url_paths[_PATH] = _serve_keys  # pyright: ignore[reportUnknownMemberType]  # moto's own entry has no types
