"""Lambda functions; gaps of moto 5.2.5.

- `LoggingConfig` is not kept, although AWS always returns it.
- An image function without image configuration gets an empty one in the response.
- UpdateFunctionConfiguration ignores logging, tracing, key, image and storage configuration.
- A published version shares its code with later versions.
- The VPC id of a function is invented, and the resolved URI of an image digest is malformed.
"""

from typing import Any

from moto.awslambda.models import ImageConfig, LambdaFunction
from moto.ec2.models import ec2_backends

from local_aws.graft import graft

_init = LambdaFunction.__init__
_set_version = LambdaFunction.set_version
_get_configuration = LambdaFunction.get_configuration
_get_code = LambdaFunction.get_code
_update_configuration = LambdaFunction.update_configuration


@graft
class _Function(LambdaFunction):
    def __init__(
        self, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1
    ) -> None:
        _init(self, account_id, spec, region, version)
        self.logging_config: dict[str, str] = spec.get("LoggingConfig") or {}

    @property
    def vpc_config(self) -> dict[str, Any] | None:
        if not self._vpc_config or not self._vpc_config["SubnetIds"]:
            return None
        subnet = ec2_backends[self.account_id][self.region].get_subnet(
            self._vpc_config["SubnetIds"][0]
        )
        return self._vpc_config | {"VpcId": subnet.vpc_id}

    def _logging(self) -> dict[str, str]:
        config = {"LogFormat": "Text", "LogGroup": self.logs_group_name} | self.logging_config
        if config["LogFormat"] == "JSON":
            config = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"} | config
        return config

    def set_version(self, version: int) -> None:
        _set_version(self, version)
        self.code = dict(self.code)

    def get_configuration(self, on_create: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002  # as in moto
        config = _get_configuration(self, on_create)
        config["LoggingConfig"] = self._logging()
        image = self.image_config
        if not (image.cmd or image.entry_point or image.working_directory):
            config.pop("ImageConfigResponse", None)
        return config

    def get_code(self) -> dict[str, Any]:
        answer = _get_code(self)
        if uri := answer.get("Code", {}).get("ImageUri"):
            repository = uri.partition("@")[0].partition(":")[0]
            answer["Code"]["ResolvedImageUri"] = f"{repository}@sha256:{self.code_sha_256}"
        return answer

    def update_configuration(self, config_updates: dict[str, Any]) -> dict[str, Any]:
        _update_configuration(self, config_updates)
        if "LoggingConfig" in config_updates:
            self.logging_config = config_updates["LoggingConfig"]
        if "TracingConfig" in config_updates:
            self.tracing_config = config_updates["TracingConfig"]
        if "KMSKeyArn" in config_updates:
            self.kms_key_arn = config_updates["KMSKeyArn"]
        if "ImageConfig" in config_updates:
            self.image_config = ImageConfig(config_updates["ImageConfig"])
        if "EphemeralStorage" in config_updates:
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        return self.get_configuration()
