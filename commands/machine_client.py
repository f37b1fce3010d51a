"""A client of the user pool that signs in by itself, for as long as a command needs it."""

import secrets
from collections.abc import Generator, Sequence
from contextlib import contextmanager

import requests

from commands.aws import cognito_client
from commands.console import CommandError
from commands.site import TIMEOUT_SECONDS, Site, open_session
from commands.terraform import read_outputs
from modules.settings import Settings

TOKEN_MINUTES = 60


@contextmanager
def machine_token(
    *, purpose: str, scopes: Sequence[str], site: Site, settings: Settings
) -> Generator[str]:
    """Yield an access token of a client made for it; the client is deleted afterwards.

    Made by the caller's own AWS credentials, so that no client's secret is kept anywhere.

    Args:
        purpose: part of the client's name.
        scopes: what the token allows, such as `shop/orders.write`.
        site: where tokens are given.
        settings: the environment.

    Raises:
        CommandError: no token was given.
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
            site=site,
            settings=settings,
        )
    finally:
        cognito.delete_user_pool_client(UserPoolId=pool_id, ClientId=client_id)


def _fetch_token(
    *, client_id: str, client_secret: str, scopes: Sequence[str], site: Site, settings: Settings
) -> str:
    """Asks for a token (Amazon Cognito Developer Guide, Token endpoint: client credentials)."""
    try:
        with open_session(settings=settings) as session:
            answer = session.post(
                site.token_url,
                auth=(client_id, client_secret),
                data={"grant_type": "client_credentials", "scope": " ".join(scopes)},
                timeout=TIMEOUT_SECONDS,
            )
            answer.raise_for_status()
            return str(answer.json()["access_token"])
    except (requests.RequestException, KeyError, ValueError) as error:
        message = f"{site.token_url} gave no token: {error}"
        raise CommandError(message) from error
