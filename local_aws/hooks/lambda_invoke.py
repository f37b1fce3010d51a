"""Runs functions with `local_aws.execution`, and ends the environments of deleted versions.

moto 5.2.5 runs functions in Docker and cannot run image functions. This hook serves both the Invoke
operation and moto's own invocations, such as the rotation of a secret.
"""

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote

from moto.awslambda.models import LambdaAlias, LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.awslambda.utils import make_function_arn

from local_aws.execution import Invocation, InvokeError
from local_aws.execution.service import check_size, retire, run
from local_aws.graft import graft
from local_aws.tracing import TRACE_HEADER

_delete_function = LambdaBackend.delete_function
_update_function_code = LambdaBackend.update_function_code
_update_function_configuration = LambdaBackend.update_function_configuration
_update_alias = LambdaBackend.update_alias
_delete_alias = LambdaBackend.delete_alias

Answer = tuple[int, dict[str, str], bytes]

_ASYNCHRONOUS_BYTES = 1024 * 1024
"""The maximum size of the event of an asynchronous invocation (Lambda quotas)."""


@graft
class _Function(LambdaFunction):
    def invoke(self, body: str, request_headers: Any, response_headers: Any) -> bytes:  # noqa: ANN401, ARG002  # as in moto
        return run(self, arn=self.function_arn, payload=body.encode()).payload


@graft
class _Backend(LambdaBackend):
    """Ends execution environments of functions and versions that are no longer deployed."""

    def delete_function(self, function_name: str, qualifier: str | None = None) -> None:
        arn = self._unqualified_arn(function_name)
        _delete_function(self, function_name, qualifier)
        retire(function_arn=arn, version=qualifier)

    def update_function_code(
        self, function_name: str, qualifier: str, body: dict[str, Any]
    ) -> dict[str, Any] | None:
        answer = _update_function_code(self, function_name, qualifier, body)
        retire(function_arn=self._unqualified_arn(function_name), version="$LATEST")
        return answer

    def update_function_configuration(
        self, function_name: str, qualifier: str, body: dict[str, Any]
    ) -> dict[str, Any] | None:
        answer = _update_function_configuration(self, function_name, qualifier, body)
        retire(function_arn=self._unqualified_arn(function_name), version="$LATEST")
        return answer

    def update_alias(
        self,
        name: str,
        function_name: str,
        function_version: str,
        description: str,
        routing_config: str,
    ) -> LambdaAlias:
        before = self.get_alias(name, function_name).function_version
        alias = _update_alias(
            self, name, function_name, function_version, description, routing_config
        )
        self._retire_without_alias(function_name, before)
        return alias

    def delete_alias(self, name: str, function_name: str) -> None:
        before = [alias for alias in self.list_aliases(function_name) if alias.name == name]
        _delete_alias(self, name, function_name)
        for alias in before:
            self._retire_without_alias(function_name, alias.function_version)

    def _retire_without_alias(self, function_name: str, version: str) -> None:
        if all(alias.function_version != version for alias in self.list_aliases(function_name)):
            retire(function_arn=self._unqualified_arn(function_name), version=version)

    def _unqualified_arn(self, function_name: str) -> str:
        function = self.get_function(function_name)
        return make_function_arn(self.region_name, self.account_id, function.function_name)


@graft
class _Response(LambdaResponse):
    def invoke(self) -> Answer:
        """Answer the Invoke operation (Lambda API Reference, Invoke)."""
        name = unquote(self.path.rsplit("/", 2)[-2])
        qualifier = parse_qs(self.parsed_url.query).get("Qualifier", [None])[0]
        function = self.backend.get_function(name, qualifier)
        arn = make_function_arn(self.region, self.current_account, name.rpartition(":function:")[2])
        invocation = partial(
            run,
            function,
            arn=f"{arn}:{qualifier}" if qualifier else arn,
            payload=self.raw_body,
            trace_id=self.headers.get(TRACE_HEADER),
        )
        kind = self.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        try:
            if kind == "DryRun":
                return _answer(204)
            if kind == "Event":
                check_size(self.raw_body, kind=kind, limit=_ASYNCHRONOUS_BYTES)
                Thread(target=_run_quietly, args=[invocation], daemon=True).start()
                return _answer(202)
            return _answer_of(invocation(), tail=self.headers.get("X-Amz-Log-Type") == "Tail")
        except InvokeError as error:
            return _refusal(error)


def _run_quietly(invocation: Callable[[], Invocation]) -> None:
    """Run an asynchronous invocation, and ignore a refusal: its caller has its response."""
    with suppress(InvokeError):
        invocation()


def _answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    return status, {"status": str(status), "content-type": "application/json"} | headers, body


def _answer_of(invocation: Invocation, *, tail: bool) -> Answer:
    headers = {"x-amz-executed-version": invocation.executed_version}
    if invocation.function_error is not None:
        headers["x-amz-function-error"] = invocation.function_error
    if tail:
        headers["x-amz-log-result"] = base64.b64encode(invocation.log_tail).decode()
    return _answer(200, invocation.payload, **headers)


def _refusal(error: InvokeError) -> Answer:
    kind = "User" if error.status < HTTPStatus.INTERNAL_SERVER_ERROR else "Service"
    body = {"Type": kind, "message": error.message}
    if error.reason is not None:
        body["Reason"] = error.reason
    headers = {"x-amzn-errortype": error.code}
    return _answer(error.status, json.dumps(body).encode(), **headers)
