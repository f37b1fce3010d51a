"""The token endpoint of user pools, with the client credentials grant for machines.

Source: Amazon Cognito Developer Guide, The token issuer endpoint. On AWS each pool's domain has the
endpoint. Here one path serves all pools, and the client id identifies the pool. The other grants
need a sign-in page, which the embedded AWS lacks.
"""

import base64
import binascii
import hmac
import time
import uuid
from urllib.parse import parse_qs

from local_aws.extensions.cognitoidp.tokens import lifetime_seconds
from local_aws.requests.media_types import media_type
from local_aws.requests.messages import Request, Response, json_response
from local_aws.requests.user_pools import Client, client_of_id

_FORM = "application/x-www-form-urlencoded"
_GRANT = "client_credentials"
_GRANTS_OF_PEOPLE = ("authorization_code", "refresh_token")
_NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class _OAuthError(Exception):
    """A refused token request (RFC 6749, section 5.2)."""

    def __init__(self, *, error: str, description: str | None = None) -> None:
        super().__init__(error)
        self.content = {"error": error} | (
            {"error_description": description} if description else {}
        )


def answer(request: Request) -> Response:
    """Answer a token request."""
    if request.method != "POST":
        return json_response(405, {"error": "invalid_request"}, {"Allow": "POST"})
    try:
        return _grant(request)
    except _OAuthError as error:
        return json_response(400, error.content, _NOT_STORED)


def _grant(request: Request) -> Response:
    if media_type(request.headers.get("Content-Type", "")) != _FORM:
        raise _OAuthError(error="invalid_request", description=f"The body must be {_FORM}.")
    form = {
        name: values[0] for name, values in parse_qs(request.body.decode(errors="replace")).items()
    }
    grant = form.get("grant_type")
    if grant is None:
        raise _OAuthError(error="invalid_request")
    if grant in _GRANTS_OF_PEOPLE:
        description = f"The embedded AWS lacks sign-in pages, so it has {_GRANT} only."
        raise _OAuthError(error="unsupported_grant_type", description=description)
    if grant != _GRANT:
        raise _OAuthError(error="unsupported_grant_type")
    client = _authenticate(request, form)
    scopes = _scopes(client, form.get("scope", ""))
    lifetime = lifetime_seconds(client.client, token_use="access")  # noqa: S106  # not a password
    content = {
        "access_token": _token(client, scopes, lifetime),
        "expires_in": lifetime,
        "token_type": "Bearer",
    }
    return json_response(200, content, _NOT_STORED)


def _authenticate(request: Request, form: dict[str, str]) -> Client:
    """Return the client whose id and secret are in the request's header or body."""
    client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            decoded = base64.b64decode(credentials, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise _OAuthError(error="invalid_request") from error
        client_id, _, secret = decoded.partition(":")
    found = client_of_id(client_id)
    if found is None or not found.client.generate_secret:
        raise _OAuthError(error="invalid_client")
    if not hmac.compare_digest(found.client.secret.encode(), secret.encode()):
        raise _OAuthError(error="invalid_client")
    if found.pool.domain is None:
        description = (
            f"User pool {found.pool.id} has no domain, so on AWS no token endpoint either."
        )
        raise _OAuthError(error="invalid_request", description=description)
    return found


def _scopes(client: Client, wanted: str) -> list[str]:
    """Return the requested scopes, or all scopes of resource servers if none is requested."""
    config = client.client.extended_config
    flows: list[str] = config.get("AllowedOAuthFlows") or []
    if not config.get("AllowedOAuthFlowsUserPoolClient") or _GRANT not in flows:
        raise _OAuthError(error="unauthorized_client")
    all_scopes: list[str] = config.get("AllowedOAuthScopes") or []
    allowed = [scope for scope in all_scopes if "/" in scope]
    scopes = wanted.split() or allowed
    if not scopes or not set(scopes) <= set(allowed):
        raise _OAuthError(error="invalid_scope")
    return scopes


def _token(client: Client, scopes: list[str], lifetime: int) -> str:
    now = int(time.time())
    return client.pool.sign(
        {
            "sub": client.client.id,
            "token_use": "access",
            "scope": " ".join(scopes),
            "auth_time": now,
            "iss": client.pool.issuer,
            "exp": now + lifetime,
            "iat": now,
            "version": 2,
            "jti": str(uuid.uuid4()),
            "client_id": client.client.id,
        }
    )
