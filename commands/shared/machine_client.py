"""A client of the user pool that exists only while a command runs, and its access token."""

import secrets
from collections.abc import Generator, Sequence
from contextlib import contextmanager

import requests

from commands.shared.addresses import TIMEOUT_SECONDS, Addresses, open_session
from commands.shared.aws import cognito_client
from commands.shared.console import CommandError
from commands.shared.terraform import read_outputs
from modules.settings import Settings

TOKEN_MINUTES = 60
"""How long a token is valid, in minutes."""


@contextmanager
def machine_token(
    *, purpose: str, scopes: Sequence[str], addresses: Addresses, settings: Settings
) -> Generator[str]:
    """Create a client, yield an access token for it, and delete the client afterwards.

    The caller's own AWS credentials create the client, so its secret is stored nowhere.

    Args:
        purpose: A part of the client's name.
        scopes: What the token allows, such as `shop/orders.write`.
        addresses: Addresses of the platform, with that of the token endpoint.
        settings: The environment.

    Raises:
        CommandError: The token endpoint gave no token.
    """
    pool_id = str(read_outputs("data", settings=settings)["user_pool_id"])
    cognito = cognito_client(settings=settings)
    made = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName=f"{settings.prefix}-{purpose}-{secrets.token_hex(4)}",
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=list(scopes),
        AccessTokenValidity=TOKEN_MINUTES,
        TokenValidityUnits={"AccessToken": "minutes"},
    )["UserPoolClient"]
    client_id = made.get("ClientId", "")
    try:
        yield _fetch_token(
            client_id=client_id,
            client_secret=made.get("ClientSecret", ""),
            scopes=scopes,
            addresses=addresses,
            settings=settings,
        )
    finally:
        cognito.delete_user_pool_client(UserPoolId=pool_id, ClientId=client_id)


def _fetch_token(
    *,
    client_id: str,
    client_secret: str,
    scopes: Sequence[str],
    addresses: Addresses,
    settings: Settings,
) -> str:
    """Ask for a token (Amazon Cognito Developer Guide, Token endpoint: client credentials)."""
    try:
        with open_session(settings=settings) as session:
            answer = session.post(
                addresses.token_url,
                auth=(client_id, client_secret),
                data={"grant_type": "client_credentials", "scope": " ".join(scopes)},
                timeout=TIMEOUT_SECONDS,
            )
            answer.raise_for_status()
            return str(answer.json()["access_token"])
    except (requests.RequestException, KeyError, ValueError) as error:
        message = f"{addresses.token_url} gave no token: {error}"
        raise CommandError(message) from error
