"""What decides how a version of a function runs."""

from dataclasses import dataclass, field, replace
from typing import Any

from moto.awslambda.models import LambdaFunction


@dataclass(frozen=True, kw_only=True)
class FunctionVersion:
    """A version as it is deployed; equal ones may share execution environments."""

    account: str
    region: str
    """Where it is deployed."""

    execution_region: str
    """Where it runs, another one for an edge function."""

    partition: str
    name: str
    version: str
    """A number or `$LATEST`."""

    runtime: str | None
    image: str | None
    """`registry/repository@sha256:...` of an image function."""

    code: bytes = field(repr=False, compare=False)
    """The zip of any other."""

    code_sha256: str
    """Tells one code from another."""

    handler: str | None
    """Such as `module.function`; an image names one itself, too."""

    working_directory: str | None
    """That the image's is replaced with."""

    entry_point: tuple[str, ...]
    """That the image's is replaced with."""

    role: str
    variables: tuple[tuple[str, str], ...]
    key_arn: str | None
    """Of the customer's key that the variables are encrypted with."""

    timeout_seconds: int
    memory_mib: int
    log_group: str
    log_format: str
    application_log_level: str | None
    system_log_level: str | None

    @property
    def function_arn(self) -> str:
        """ARN without a qualifier."""
        return f"arn:{self.partition}:lambda:{self.region}:{self.account}:function:{self.name}"

    def at_edge(self, region: str) -> "FunctionVersion":
        """Return what CloudFront runs in a region (CloudFront Developer Guide, Edge logs)."""
        group = f"/aws/lambda/{self.region}.{self.name}"
        return replace(self, execution_region=region, log_group=group)


def version_of(function: LambdaFunction) -> FunctionVersion:
    """Read a version from moto."""
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
