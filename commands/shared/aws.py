"""Clients of AWS, or of the embedded AWS for an environment that runs there."""

from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from commands.shared.local_environment import credentials_file
from local_aws.access.credentials import read_credentials
from modules.settings import Settings
from modules.settings.environment import StateSettings

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_ecr import ECRClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_rds import RDSClient
    from mypy_boto3_secretsmanager import SecretsManagerClient


def api_gateway_client(*, settings: Settings) -> Any:  # noqa: ANN401  # its types are not installed
    """Return a client of the environment's REST APIs."""
    return _client("apigateway", settings=settings)


def ecr_client(*, settings: Settings) -> "ECRClient":
    """Return a client of the environment's image registry."""
    return _client("ecr", settings=settings)


def cognito_client(*, settings: Settings) -> "CognitoIdentityProviderClient":
    """Return a client of the environment's user pools."""
    return _client("cognito-idp", settings=settings)


def lambda_client(*, settings: Settings, timeout_seconds: int) -> "LambdaClient":
    """Return a client of the environment's functions that waits for an answer this long."""
    patient = Config(read_timeout=timeout_seconds, retries={"total_max_attempts": 1})
    return _client("lambda", settings=settings, config=patient)


def logs_client(*, settings: Settings) -> "CloudWatchLogsClient":
    """Return a client of the environment's log groups."""
    return _client("logs", settings=settings)


def rds_client(*, settings: Settings) -> "RDSClient":
    """Return a client of the environment's databases."""
    return _client("rds", settings=settings)


def secrets_client(*, settings: Settings) -> "SecretsManagerClient":
    """Return a client of the environment's secrets."""
    return _client("secretsmanager", settings=settings)


def cloudwatch_client(*, settings: Settings, region: str) -> Any:  # noqa: ANN401  # its types are not installed
    """Return a client of a region's alarms."""
    return _client("cloudwatch", settings=settings, region=region)


def state_client(state: StateSettings) -> Any:  # noqa: ANN401  # its types are not installed
    """Return a client of the bucket of Terraform's state, which is on AWS always."""
    return boto3.Session(region_name=state.region).client("s3")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # its types are not installed


def any_client(service: str, *, settings: Settings, region: str) -> Any:  # noqa: ANN401  # the type depends on the service
    """Return a client of a service in a region."""
    return _client(service, settings=settings, region=region)


def _client(
    service: str, *, settings: Settings, config: Config | None = None, region: str | None = None
) -> Any:  # noqa: ANN401  # the type depends on the service
    config = config or Config()
    local = settings.local_aws
    options: dict[str, object] = {"config": config}
    if local is not None:
        own = read_credentials(credentials_file(local))
        options = {
            "endpoint_url": local.endpoint,
            "aws_access_key_id": own.access_key_id,
            "aws_secret_access_key": own.secret_access_key,
            # Bypass HTTP proxies: they cannot reach 127.0.0.1.
            "config": config.merge(Config(proxies={})),
        }
    session = boto3.Session(region_name=region or settings.region)
    return session.client(service, **options)  # pyright: ignore[reportUnknownMemberType, reportCallIssue, reportArgumentType, reportUnknownVariableType]  # its overloads know literal names only
