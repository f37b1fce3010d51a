"""The settings of a function's version that decide how it runs."""

from dataclasses import dataclass, field, replace
from typing import Any

from moto.awslambda.models import LambdaFunction

from local_aws.execution.working_copy import WorkingCopy


@dataclass(frozen=True, kw_only=True)
class FunctionVersion:
    """A deployed version; equal versions may share execution environments."""

    account: str
    region: str
    """The region it is deployed in."""

    execution_region: str
    """The region it runs in, which differs for an edge function."""

    partition: str
    name: str
    version: str
    """A number or `$LATEST`."""

    runtime: str | None
    image: str | None
    """The image, as `registry/repository@sha256:...`; None for a zip function."""

    code: bytes = field(repr=False, compare=False)
    """The zip file; empty for an image function."""

    code_sha256: str
    """The digest of the code."""

    handler: str | None
    """The handler, such as `module.function`; None leaves it to the image."""

    working_directory: str | None
    """The working directory that replaces the image's."""

    entry_point: tuple[str, ...]
    """The entry point that replaces the image's; empty leaves it."""

    role: str
    variables: tuple[tuple[str, str], ...]
    key_arn: str | None
    """The ARN of the customer managed key that encrypts the variables."""

    timeout_seconds: int
    memory_mib: int
    log_group: str
    log_format: str
    application_log_level: str | None
    system_log_level: str | None

    working_copy: WorkingCopy | None = None
    """The code that replaces the deployed code; None runs the deployed code."""

    @property
    def function_arn(self) -> str:
        """The function's ARN without a qualifier."""
        return f"arn:{self.partition}:lambda:{self.region}:{self.account}:function:{self.name}"

    def at_edge(self, region: str) -> "FunctionVersion":
        """Return the version as CloudFront runs it in a region.

        Source: CloudFront Developer Guide, Edge logs.
        """
        group = f"/aws/lambda/{self.region}.{self.name}"
        return replace(self, execution_region=region, log_group=group)


def version_of(function: LambdaFunction) -> FunctionVersion:
    """Return the version that moto keeps as `function`."""
    answer = function.get_code()
    configuration: dict[str, Any] = answer["Configuration"]
    logging: dict[str, str] = configuration["LoggingConfig"]
    image: dict[str, Any] = configuration.get("ImageConfigResponse", {}).get("ImageConfig", {})
    command: list[str] = image.get("Command") or []
    return FunctionVersion(
        account=function.account_id,
        region=function.region,
        execution_region=function.region,
        partition=function.partition,
        name=function.function_name,
        version=str(function.version),
        runtime=function.run_time,
        image=answer.get("Code", {}).get("ResolvedImageUri"),
        code=getattr(function, "code_bytes", b""),
        code_sha256=function.code_sha_256,
        handler=command[0] if command else function.handler,
        working_directory=image.get("WorkingDirectory"),
        entry_point=tuple(image.get("EntryPoint") or ()),
        role=function.role,
        variables=tuple(sorted(function.environment_vars.items())),
        key_arn=function.kms_key_arn,
        timeout_seconds=int(function.timeout),
        memory_mib=int(function.memory_size),
        log_group=logging["LogGroup"],
        log_format=logging["LogFormat"],
        application_log_level=logging.get("ApplicationLogLevel"),
        system_log_level=logging.get("SystemLogLevel"),
    )
