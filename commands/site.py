"""Where a deployed platform answers, and how to ask it."""

from dataclasses import dataclass

import requests

from commands.console import CommandError
from commands.terraform import read_outputs
from modules.settings import Settings

TIMEOUT_SECONDS = 35
"""Longer than the 29 s after which API Gateway gives up."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """Addresses of a deployed platform, without a slash at the end."""

    url: str
    """The front door: CloudFront."""

    api_url: str
    """The REST API's own address."""

    token_url: str
    """Where a client gets tokens (RFC 6749, Token Endpoint)."""


def read_site(*, settings: Settings) -> Site:
    """Read the addresses from the outputs; those of an embedded AWS are on this machine.

    Raises:
        CommandError: the platform is not deployed.
    """
    data = read_outputs("data", settings=settings)
    service = read_outputs("service", settings=settings)
    edge = read_outputs("edge", settings=settings)
    if not (data and service and edge):
        message = f"{settings.prefix} is not deployed: run `make deploy` first."
        raise CommandError(message)
    local = settings.local_aws
    if local is None:
        return Site(
            url=str(edge["distribution_url"]).rstrip("/"),
            api_url=str(service["api_url"]),
            token_url=f"{data['sign_in_url']}/oauth2/token",
        )
    api = f"{service['api_id']}/{service['api_stage_name']}"
    return Site(
        url=f"{local.endpoint}/_local_aws/distributions/{edge['distribution_id']}",
        api_url=f"{local.endpoint}/restapis/{api}/_user_request_",
        token_url=f"{local.endpoint}/oauth2/token",
    )


def open_session(*, settings: Settings) -> requests.Session:
    """Open an HTTP session; a proxy of the network knows no server of this machine."""
    session = requests.Session()
    session.trust_env = settings.local_aws is None
    return session


def describe_attempts(site: Site, *, settings: Settings) -> str:
    """Commands that show the platform at work."""
    smoke = f"make smoke ENV={settings.environment}"
    if settings.suffix:
        smoke += f" SUFFIX={settings.suffix}"
    return "\n".join(
        (
            "Try it:",
            f"  curl {site.url}/health",
            f"  curl '{site.url}/catalog/products?limit=3'",
            f"  curl -i -X POST {site.api_url}/orders   # refused: nobody is signed in",
            f"  {smoke}   # all of it, with a signed-in order",
        )
    )
