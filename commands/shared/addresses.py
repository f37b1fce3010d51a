"""Addresses of a deployed platform, and HTTP sessions to it."""

from collections.abc import Mapping
from dataclasses import dataclass

import requests

from commands.shared.console import CommandError
from commands.shared.terraform import read_outputs
from modules.settings import Part, Settings

TIMEOUT_SECONDS = 35
"""How long to wait for an answer; longer than the 29 s after which API Gateway gives up."""


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Addresses of a deployed platform, without a slash at the end."""

    url: str
    """CloudFront, which serves the whole platform."""

    api_url: str
    """The REST API itself, without CloudFront."""

    token_url: str
    """The token endpoint (RFC 6749, section 3.2)."""


def read_addresses(*, settings: Settings) -> Addresses:
    """Read the addresses from the outputs; the embedded AWS answers at its own.

    Raises:
        CommandError: The platform is not deployed.
    """
    parts: tuple[Part, ...] = ("data", "service", "edge")
    outputs = {part: read_outputs(part, settings=settings) for part in parts}
    return addresses_of(outputs, settings=settings)


def addresses_of(outputs: Mapping[str, Mapping[str, object]], *, settings: Settings) -> Addresses:
    """Return the addresses among the outputs of the stacks.

    Raises:
        CommandError: The platform is not deployed, or a deployment of it has failed.
    """
    data, service, edge = outputs["data"], outputs["service"], outputs["edge"]
    if not (data and service and edge):
        message = f"{settings.prefix} is not deployed: run `make deploy` first."
        raise CommandError(message)
    try:
        return _addresses_of(data, service, edge, settings=settings)
    except KeyError as error:
        message = (
            f"{settings.prefix} is not deployed completely, the output {error.args[0]} is missing: "
            "run `make deploy` again."
        )
        raise CommandError(message) from error


def _addresses_of(
    data: Mapping[str, object],
    service: Mapping[str, object],
    edge: Mapping[str, object],
    *,
    settings: Settings,
) -> Addresses:
    local = settings.local_aws
    if local is None:
        return Addresses(
            url=str(edge["distribution_url"]).rstrip("/"),
            api_url=str(service["api_url"]),
            token_url=f"{data['sign_in_url']}/oauth2/token",
        )
    api = f"{service['api_id']}/{service['api_stage_name']}"
    return Addresses(
        url=f"{local.endpoint}/_local_aws/distributions/{edge['distribution_id']}",
        api_url=f"{local.endpoint}/restapis/{api}/_user_request_",
        token_url=f"{local.endpoint}/oauth2/token",
    )


def open_session(*, settings: Settings) -> requests.Session:
    """Open an HTTP session; to the embedded AWS without proxies, which cannot reach 127.0.0.1."""
    session = requests.Session()
    session.trust_env = settings.local_aws is None
    return session


def describe_attempts(addresses: Addresses, *, settings: Settings) -> str:
    """Return a text with commands to try the platform with."""
    smoke = f"make smoke ENV={settings.environment}"
    if settings.suffix:
        smoke += f" SUFFIX={settings.suffix}"
    return "\n".join(
        (
            "Try it:",
            f"  curl {addresses.url}/health",
            f"  curl '{addresses.url}/catalog/products?limit=3'",
            f"  curl -i -X POST {addresses.api_url}/orders   # refused: nobody is signed in",
            f"  {smoke}   # all of it, with a signed-in order",
        )
    )
