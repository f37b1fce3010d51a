"""Checks with a Cognito user pool authorizer whether a caller may use a method.

Source: API Gateway Developer Guide, Control access to REST APIs using Amazon Cognito user pools.
"""

import re
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, cast

from local_aws.extensions.apigateway.snapshot import Authorizer, Method, Snapshot
from local_aws.requests.messages import Request
from local_aws.requests.rest_api.failures import GatewayError
from local_aws.requests.unsupported import UnsupportedError
from local_aws.requests.user_pools import claims_of, pool_of_arn

_SOURCE = "method.request.header."
_BEARER = re.compile("^Bearer ", re.IGNORECASE)
_DATES = ("exp", "iat")


def authorize(request: Request, *, method: Method, snapshot: Snapshot) -> dict[str, str] | None:
    """Return the claims of the caller's token, or None if the method is open to all.

    Raises:
        GatewayError: The caller may not use the method.
        UnsupportedError: The method has an authorization that the embedded AWS lacks.
    """
    if method.api_key_required:
        message = "The embedded AWS lacks API keys."
        raise UnsupportedError(message)
    if method.authorization == "NONE":
        return None
    authorizer = snapshot.authorizers.get(method.authorizer_id or "")
    if method.authorization != "COGNITO_USER_POOLS" or authorizer is None:
        message = f"The embedded AWS lacks authorizers of type {method.authorization}."
        raise UnsupportedError(message)
    claims = _claims(_token(request, authorizer), authorizer)
    wanted_use = "access" if method.scopes else "id"
    if claims.get("token_use") != wanted_use:
        raise GatewayError(type_="UNAUTHORIZED", log=f"The token is not an {wanted_use} token")
    if method.scopes and not set(method.scopes) & set(str(claims.get("scope", "")).split()):
        raise GatewayError(
            type_="ACCESS_DENIED", log=f"The token has none of {list(method.scopes)}"
        )
    return {name: _text(name, value) for name, value in claims.items()}


def _token(request: Request, authorizer: Authorizer) -> str:
    sent = request.headers.get(authorizer.identity_source.removeprefix(_SOURCE), "")
    expression = authorizer.validation_expression
    if not sent or (expression and not re.match(expression, sent)):
        raise GatewayError(type_="UNAUTHORIZED", log="The request has no token")
    return _BEARER.sub("", sent).strip()


def _claims(token: str, authorizer: Authorizer) -> Mapping[str, Any]:
    pools = [pool for arn in authorizer.provider_arns if (pool := pool_of_arn(arn))]
    claims = claims_of(token, pools=pools)
    if claims is None:
        raise GatewayError(type_="UNAUTHORIZED", log="No pool of the authorizer signed the token")
    if claims["exp"] <= time.time():
        message = "The incoming token has expired"
        raise GatewayError(type_="UNAUTHORIZED", message=message, log=message)
    return claims


def _text(name: str, value: object) -> str:
    """Return a claim as text, with times in the format of Java, as functions get it."""
    if name in _DATES and isinstance(value, int):
        return datetime.fromtimestamp(value, timezone.utc).strftime("%a %b %d %H:%M:%S UTC %Y")
    if isinstance(value, list):
        return ",".join(map(str, cast("list[object]", value)))
    return str(value).lower() if isinstance(value, bool) else str(value)
