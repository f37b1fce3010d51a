"""Deploys small functions to an embedded AWS with boto3, and invokes them."""

import base64
import hashlib
import io
import json
import os
import tarfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

import botocore.session
from botocore.config import Config
from mypy_boto3_ecr import ECRClient
from mypy_boto3_iam import IAMClient
from mypy_boto3_kms import KMSClient
from mypy_boto3_lambda import LambdaClient
from mypy_boto3_secretsmanager import SecretsManagerClient

from commands.image.plain_image import Blob, PlainImage
from commands.image.upload import upload_image

Statement = Mapping[str, Any]

MAY_LOG: Statement = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    ],
}
_WAIT_SECONDS = 20.0


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until a condition is met."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "the condition was not met in time"
        time.sleep(0.01)


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The response of Invoke."""

    payload: Any
    error: str | None
    version: str
    log: list[str]


class DeployedFunctions:
    """Functions of one region of an embedded AWS."""

    def __init__(self, *, url: str, region: str = "eu-west-1") -> None:
        self.region = region
        self._url = url
        self.ecr = cast("ECRClient", self.client("ecr"))
        self.iam = cast("IAMClient", self.client("iam"))
        self.kms = cast("KMSClient", self.client("kms"))
        self.logs = self.client("logs")
        self.secrets = cast("SecretsManagerClient", self.client("secretsmanager"))
        self.functions = cast("LambdaClient", self.client("lambda"))

    def client(self, service: str, credentials: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401  # the type depends on the service
        """Create a client without retries, for the user or with the credentials of a function."""
        keys = credentials or {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        return botocore.session.get_session().create_client(
            service,
            region_name=self.region,
            endpoint_url=self._url,
            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=keys.get("AWS_SESSION_TOKEN"),
            config=Config(retries={"max_attempts": 0}, max_pool_connections=20),
        )

    def role(self, *statements: Statement, trust: Mapping[str, Any] = _TRUST) -> str:
        """Create a role with a policy of these statements; return its ARN."""
        name = f"role-{uuid4().hex[:8]}"
        role = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        self.iam.put_role_policy(
            RoleName=name,
            PolicyName="policy",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
        )
        return role["Role"]["Arn"]

    def deploy(self, code: str, *, role: str | None = None, **configuration: Any) -> str:  # noqa: ANN401  # as boto3 takes it
        """Create a function with an image and publish a version; return the function's name."""
        name = f"function-{uuid4().hex[:8]}"
        options: dict[str, Any] = {"Timeout": 20} | configuration
        self.functions.create_function(
            FunctionName=name,
            Role=role or self.role(MAY_LOG),
            PackageType="Image",
            Code={"ImageUri": self.publish(name, code)},
            Publish=True,
            **options,
        )
        return name

    def publish(self, repository: str, code: str) -> str:
        """Upload an image with this code; return its URI."""
        try:
            made = self.ecr.create_repository(repositoryName=repository)
            uri = made["repository"].get("repositoryUri", "")
        except self.ecr.exceptions.RepositoryAlreadyExistsException:
            found = self.ecr.describe_repositories(repositoryNames=[repository])
            uri = found["repositories"][0].get("repositoryUri", "")
        image = _image(code)
        tag = hashlib.sha256(code.encode()).hexdigest()[:12]
        upload_image(image=image, tag=tag, repository_name=repository, ecr=self.ecr)
        return f"{uri}@{image.manifest.digest}"

    def invoke(self, name: str, event: object = None, *, qualifier: str = "$LATEST") -> Answer:
        """Invoke a function and wait for the answer."""
        answer = self.functions.invoke(
            FunctionName=name, Qualifier=qualifier, Payload=json.dumps(event), LogType="Tail"
        )
        return Answer(
            payload=json.loads(answer["Payload"].read()),
            error=answer.get("FunctionError"),
            version=answer["ExecutedVersion"],
            log=base64.b64decode(answer["LogResult"]).decode().splitlines(),
        )

    def log_messages(self, group: str) -> list[str]:
        """Return the messages in a log group, oldest first."""
        events = self.logs.filter_log_events(logGroupName=group)["events"]
        return [event.get("message", "") for event in events]


def _image(code: str) -> PlainImage:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("var/task/index.cjs")
        entry.size = len(code.encode())
        entry.mode = 0o755
        archive.addfile(entry, io.BytesIO(code.encode()))
    layer = Blob(media_type="application/vnd.oci.image.layer.v1.tar", content=buffer.getvalue())
    config = _json_blob(
        "application/vnd.oci.image.config.v1+json",
        {"config": {"Cmd": ["index.handler"], "WorkingDir": "/var/task"}},
    )
    manifest_type = "application/vnd.oci.image.manifest.v1+json"
    manifest = {
        "schemaVersion": 2,
        "mediaType": manifest_type,
        "config": config.descriptor,
        "layers": [layer.descriptor],
    }
    return PlainImage(manifest=_json_blob(manifest_type, manifest), config=config, layer=layer)


def _json_blob(media_type: str, value: object) -> Blob:
    return Blob(media_type=media_type, content=json.dumps(value).encode())
