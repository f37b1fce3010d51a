"""Provisioned concurrency; gaps of moto 5.2.5.

- Put, Get, Delete and List are missing.
- An alias that has provisioned concurrency moves at once, although Lambda routes by weights until
  the environments of the new version are ready.

Sources: Lambda Developer Guide, Configuring provisioned concurrency; Lambda API Reference. AWS does
not publish the message for a second configuration of one version, so the one here is invented.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import cast
from urllib.parse import unquote

from moto.awslambda import urls
from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import LambdaAlias, LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.core.common_types import TYPE_RESPONSE
from moto.core.utils import iso_8601_datetime_with_nanoseconds

from local_aws.graft import graft

_update_alias = LambdaBackend.update_alias

ROUTING_SECONDS = 5.0
"""How long an alias with provisioned concurrency routes by weights; on AWS it takes minutes."""

_FIRST_WEIGHT = 0.1


class _NotFoundError(LambdaClientError):
    code = 404

    def __init__(self) -> None:
        super().__init__(
            "ProvisionedConcurrencyConfigNotFoundException",
            "No Provisioned Concurrency Config found for this function",
        )


@dataclass
class _Configuration:
    requested: int
    status: str = "IN_PROGRESS"
    reason: str | None = None
    modified: str = field(default_factory=iso_8601_datetime_with_nanoseconds)

    def finish(self, reason: str | None) -> None:
        """Set the outcome of the allocation; `reason` is why it failed."""
        self.reason = reason
        self.status = "READY" if reason is None else "FAILED"

    def to_json(self) -> dict[str, object]:
        """Return the configuration as Lambda answers it."""
        available = self.requested if self.status == "READY" else 0
        reason: dict[str, object] = {"StatusReason": self.reason} if self.reason else {}
        return {
            "RequestedProvisionedConcurrentExecutions": self.requested,
            "AvailableProvisionedConcurrentExecutions": available,
            "AllocatedProvisionedConcurrentExecutions": available,
            "Status": self.status,
            "LastModified": self.modified,
            **reason,
        }


@graft
class _Function(LambdaFunction):
    # Set on published versions only.
    provisioned_concurrency: _Configuration | None = None


@graft
class _Alias(LambdaAlias):
    provisioned_concurrency: _Configuration | None = None


@graft
class _Backend(LambdaBackend):
    def start_failure(self, function: LambdaFunction) -> str | None:  # noqa: ARG002  # a hook needs it
        """Return why an environment of a version does not start; a hook starts a real one."""
        return None

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

    def provisioned(self, name: str) -> "Iterator[_Alias | _Function]":
        """Yield each version and alias that has provisioned concurrency."""
        for each in (*self.list_versions_by_function(name), *self.list_aliases(name)):
            if cast("_Alias | _Function", each).provisioned_concurrency:
                yield cast("_Alias | _Function", each)

    def provision(self, name: str, qualifier: str, requested: int) -> _Configuration:
        """Put provisioned concurrency on a version or an alias, and start environments."""
        target = self.provisionable(name, qualifier)
        if isinstance(target, LambdaAlias):
            if _weights(target.routing_config):
                message = "Alias with weights can not be used with Provisioned Concurrency"
                raise InvalidParameterValueException(message)
            version = target.function_version
        else:
            version = str(target.version)
        self._check_only_one(name, version, owner=target)
        self._check_reserved(name, requested, owner=target)
        configuration = target.provisioned_concurrency = _Configuration(requested)
        function = self.get_function(name, version)
        Thread(
            target=lambda: configuration.finish(self.start_failure(function)), daemon=True
        ).start()
        return configuration

    def update_alias(
        self,
        name: str,
        function_name: str,
        function_version: str,
        description: str,
        routing_config: str,
    ) -> LambdaAlias:
        alias = cast("_Alias", self.get_alias(name, function_name))
        if function_version in _weights(alias.routing_config):
            message = (
                f"Invalid function version {function_version}. Function version"
                f" {function_version} is already included in routing configuration."
            )
            raise InvalidParameterValueException(message)
        if alias.provisioned_concurrency is None:
            return _update_alias(
                self, name, function_name, function_version, description, routing_config
            )
        if _weights(routing_config):
            message = "Alias with weights can not be used with Provisioned Concurrency"
            raise InvalidParameterValueException(message)
        if function_version in {None, alias.function_version}:
            return _update_alias(self, name, function_name, function_version, description, "")
        self._check_only_one(function_name, function_version, owner=alias)
        return self._shift(alias, function_name, function_version, description)

    def _shift(
        self, alias: "_Alias", function_name: str, version: str, description: str
    ) -> LambdaAlias:
        """Route by weights until the new version is ready; if it does not start, for good."""
        function = self.get_function(function_name, version)
        configuration = alias.provisioned_concurrency = _Configuration(
            cast("_Configuration", alias.provisioned_concurrency).requested
        )
        weights = {"AdditionalVersionWeights": {version: _FIRST_WEIGHT}}
        alias.update(description, None, cast("str", weights))

        def finish() -> None:
            time.sleep(ROUTING_SECONDS)
            configuration.finish(self.start_failure(function))
            if configuration.status == "READY":
                alias.function_version, alias.routing_config = version, ""

        Thread(target=finish, daemon=True).start()
        return alias

    def _check_only_one(self, name: str, version: str, *, owner: object) -> None:
        """Refuse a second configuration of one version, be it its own or that of an alias."""
        for other in self.provisioned(name):
            pointed = (
                other.function_version if isinstance(other, LambdaAlias) else str(other.version)
            )
            if pointed == version and other is not owner:
                message = (
                    f"Function version {version} already has a Provisioned Concurrency Config."
                )
                raise InvalidParameterValueException(message)

    def _check_reserved(self, name: str, requested: int, *, owner: object) -> None:
        reserved = self.get_function_concurrency(name)
        held = sum(
            cast("_Configuration", other.provisioned_concurrency).requested
            for other in self.provisioned(name)
            if other is not owner
        )
        if reserved is not None and requested + held > int(reserved):
            message = (
                "Requested Provisioned Concurrency should not be greater than the"
                " reservedConcurrentExecution for function"
            )
            raise InvalidParameterValueException(message)


def has_provisioned_concurrency(backend: LambdaBackend, *, name: str, qualifier: str) -> bool:
    """Return whether a version or an alias exists and has provisioned concurrency."""
    try:
        target = cast("_Backend", backend).provisionable(name, qualifier)
    except LambdaClientError:
        return False
    return target.provisioned_concurrency is not None


def _weights(routing_config: object) -> dict[str, float]:
    config = cast("dict[str, dict[str, float]]", routing_config or {})
    return config.get("AdditionalVersionWeights") or {}


@graft
class _Response(LambdaResponse):
    def _named(self) -> tuple[str, str]:
        return unquote(self.path.split("/")[-2]), self.querystring["Qualifier"][0]

    def _own(self) -> "_Backend":
        return cast("_Backend", self.backend)

    def put_provisioned_concurrency_config(self) -> TYPE_RESPONSE:
        requested: int = self.json_body["ProvisionedConcurrentExecutions"]
        configuration = self._own().provision(*self._named(), requested)
        return 202, {"status": 202}, json.dumps(configuration.to_json())

    def get_provisioned_concurrency_config(self) -> str:
        configuration = self._own().provisionable(*self._named()).provisioned_concurrency
        if configuration is None:
            raise _NotFoundError
        return json.dumps(configuration.to_json())

    def delete_provisioned_concurrency_config(self) -> TYPE_RESPONSE:
        target = self._own().provisionable(*self._named())
        if target.provisioned_concurrency is None:
            raise _NotFoundError
        target.provisioned_concurrency = None
        return 204, {"status": 204}, ""

    def list_provisioned_concurrency_configs(self) -> str:
        name = unquote(self.path.split("/")[-2])
        self.backend.get_function(name)
        configurations = [
            {"FunctionArn": _arn(each)}
            | cast("_Configuration", each.provisioned_concurrency).to_json()
            for each in self._own().provisioned(name)
        ]
        return json.dumps({"ProvisionedConcurrencyConfigs": configurations})


def _arn(each: "_Alias | _Function") -> str:
    return each.arn if isinstance(each, LambdaAlias) else each.function_arn


urls.url_paths[
    r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/provisioned-concurrency/?$"
] = LambdaResponse.dispatch
