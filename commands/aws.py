"""How the commands reach AWS, or the server that takes its place."""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from modules.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_ecr import ECRClient


def ecr_client(*, settings: Settings) -> "ECRClient":
    """A client of the environment's image registry."""
    local = settings.local_aws
    session = boto3.Session(region_name=settings.region)
    if local is None:
        return session.client("ecr")  # pyright: ignore[reportUnknownMemberType]
    return session.client(  # pyright: ignore[reportUnknownMemberType]
        "ecr",
        endpoint_url=local.endpoint,
        # Any will do; named here so that the user's own are never sent.
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106
        # A proxy of the network knows no server of this machine.
        config=Config(proxies={}),
    )
