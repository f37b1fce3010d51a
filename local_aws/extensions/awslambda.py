"""Lambda; gaps of moto 5.2.5.

- `LoggingConfig` is not kept, although AWS always returns it.
- An image function without image configuration gets an empty one in the response.
- UpdateFunctionConfiguration ignores logging, tracing, key, image and storage configuration.
- A published version shares its code with later versions.
- The VPC id of a function is invented, and the resolved URI of an image digest is malformed.
- Two permissions of a function or an alias get the same statement id.
- Provisioned concurrency is missing: Put, Get, Delete and List.
"""

import json
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import unquote

from moto.awslambda import urls
from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import ImageConfig, LambdaAlias, LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.core.common_types import TYPE_RESPONSE
from moto.core.utils import iso_8601_datetime_with_nanoseconds
from moto.ec2.models import ec2_backends

from local_aws.graft import graft

_add_permission = LambdaBackend.add_permission
_init = LambdaFunction.__init__
_set_version = LambdaFunction.set_version
_get_configuration = LambdaFunction.get_configuration
_get_code = LambdaFunction.get_code
_update_configuration = LambdaFunction.update_configuration


class _ProvisionedConcurrencyConfigNotFoundError(LambdaClientError):
    code = 404

    def __init__(self) -> None:
        super().__init__(
            "ProvisionedConcurrencyConfigNotFoundException",
            "No Provisioned Concurrency Config found for this function",
        )


class _StatementExistsError(LambdaClientError):
    def __init__(self, sid: str) -> None:
        super().__init__(
            "ResourceConflictException",
            f"The statement id ({sid}) provided already exists. Please provide a new statement id,"
            " or remove the existing statement.",
        )


@graft
class _Function(LambdaFunction):
    # Set on published versions only: the response of PutProvisionedConcurrencyConfig.
    provisioned_concurrency: dict[str, Any] | None = None

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


@graft
class _Alias(LambdaAlias):
    provisioned_concurrency: dict[str, Any] | None = None


@graft
class _Backend(LambdaBackend):
    def add_permission(self, function_name: str, qualifier: str, raw: str) -> dict[str, Any]:
        sid = json.loads(raw)["StatementId"]
        for statement in self.get_function(function_name, qualifier).policy.statements:
            # A permission of an alias names the alias in its resource.
            alias = statement["Resource"].split(":")[7:]
            if statement["Sid"] == sid and alias == ([qualifier] if qualifier else []):
                raise _StatementExistsError(sid)
        return _add_permission(self, function_name, qualifier, raw)

    def provisionable(self, name: str, qualifier: str) -> "_Alias | _Function":
        """Return the alias or published version that gets provisioned concurrency."""
        function = self.get_function(name, qualifier)
        if function.version == "$LATEST":
            message = (
                "Provisioned Concurrency Configs cannot be applied to unpublished function"
                " versions."
            )
            raise InvalidParameterValueException(message)
        aliases = {alias.name: alias for alias in self.list_aliases(name)}
        return cast("_Alias | _Function", aliases.get(qualifier, function))

    def provisioned(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield ARN and configuration of each alias and version with provisioned concurrency."""
        for version in self.list_versions_by_function(name):
            if config := cast("_Function", version).provisioned_concurrency:
                yield version.function_arn, config
        for alias in self.list_aliases(name):
            if config := cast("_Alias", alias).provisioned_concurrency:
                yield alias.arn, config


@graft
class _Response(LambdaResponse):
    def _provisionable(self) -> "_Alias | _Function":
        name = unquote(self.path.split("/")[-2])
        return cast("_Backend", self.backend).provisionable(name, self.querystring["Qualifier"][0])

    def put_provisioned_concurrency_config(self) -> TYPE_RESPONSE:
        requested: int = self.json_body["ProvisionedConcurrentExecutions"]
        target = self._provisionable()
        reserved = self.backend.get_function_concurrency(unquote(self.path.split("/")[-2]))
        if reserved is not None and requested > int(reserved):
            message = (
                "Requested Provisioned Concurrency should not be greater than the"
                " reservedConcurrentExecution for function"
            )
            raise InvalidParameterValueException(message)
        target.provisioned_concurrency = {
            "RequestedProvisionedConcurrentExecutions": requested,
            "AvailableProvisionedConcurrentExecutions": requested,
            "AllocatedProvisionedConcurrentExecutions": requested,
            "Status": "READY",
            "LastModified": iso_8601_datetime_with_nanoseconds(),
        }
        return 202, {"status": 202}, json.dumps(target.provisioned_concurrency)

    def get_provisioned_concurrency_config(self) -> str:
        config = self._provisionable().provisioned_concurrency
        if config is None:
            raise _ProvisionedConcurrencyConfigNotFoundError
        return json.dumps(config)

    def delete_provisioned_concurrency_config(self) -> TYPE_RESPONSE:
        target = self._provisionable()
        if target.provisioned_concurrency is None:
            raise _ProvisionedConcurrencyConfigNotFoundError
        target.provisioned_concurrency = None
        return 204, {"status": 204}, ""

    def list_provisioned_concurrency_configs(self) -> str:
        name = unquote(self.path.split("/")[-2])
        self.backend.get_function(name)
        configs = [
            {"FunctionArn": arn} | config
            for arn, config in cast("_Backend", self.backend).provisioned(name)
        ]
        return json.dumps({"ProvisionedConcurrencyConfigs": configs})


urls.url_paths[
    r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/provisioned-concurrency/?$"
] = LambdaResponse.dispatch
