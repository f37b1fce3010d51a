"""Settings of the user pool of customers and staff."""

from typing import Annotated

from pydantic import Field

from modules.settings.section import Section

ReturnAddress = Annotated[
    str, Field(pattern=r"^(https://[^\s#]+|http://localhost(:\d+)?(/[^\s#]*)?)$", max_length=1_024)
]
"""HTTPS, or http://localhost for development; no fragment (Amazon Cognito User Pools API Reference,
CreateUserPoolClient)."""


class UserPoolSettings(Section):
    """The Cognito user pool and how long its tokens last."""

    callback_urls: Annotated[tuple[ReturnAddress, ...], Field(min_length=1, max_length=100)] = (
        "http://localhost:3000/signed-in",
    )
    """Addresses that a browser may return to after signing in."""

    logout_urls: Annotated[tuple[ReturnAddress, ...], Field(max_length=100)] = (
        "http://localhost:3000/",
    )
    """Addresses that a browser may return to after signing out."""

    access_token_minutes: Annotated[int, Field(ge=5, le=1_440)] = 60
    """Minutes an access token is valid, 5 to 1,440 (Amazon Cognito Developer Guide, Managing user
    pool token expiration and caching)."""

    refresh_token_days: Annotated[int, Field(ge=1, le=3_650)] = 30
    """Days a user stays signed in, at most 3,650."""

    deletion_protection: bool = True
    """Whether AWS refuses to delete the pool and its users."""
