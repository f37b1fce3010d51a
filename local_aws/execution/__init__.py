"""Runs Lambda functions: their code in Node.js processes, as AWS runs it in execution environments.

Other parts of the embedded AWS use what this module names and nothing below it.

Not emulated: memory and CPU limits, freezing between events, retries and destinations of
asynchronous invocations, weighted aliases, response streaming, layers, extensions, X-Ray. `/tmp` is
the machine's own.
"""

import re

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction, lambda_backends

from local_aws.execution import resource_policy, service
from local_aws.execution.invocation import Invocation, InvokeError, ThrottledError
from local_aws.execution.service import stop

__all__ = ["Invocation", "InvokeError", "ThrottledError", "invoke", "is_allowed", "stop"]

_ARN = re.compile(
    r"arn:[^:]+:lambda:(?P<region>[^:]+):(?P<account>\d+):function:(?P<name>[^:]+)(:(?P<qualifier>.+))?"
)


def invoke(
    *, arn: str, payload: bytes, trace_id: str | None = None, edge_region: str | None = None
) -> Invocation:
    """Run a function and wait for its answer.

    Args:
        arn: Of the function, or of one of its versions or aliases.
        payload: The event, JSON.
        trace_id: `X-Amzn-Trace-Id` of the request that caused it; None makes a new one.
        edge_region: Where CloudFront runs it, for an edge function: its logs go to
            `/aws/lambda/us-east-1.NAME` of that region.

    Raises:
        ThrottledError: As many invocations as it reserved are under way.
        InvokeError: It does not exist, cannot be run here, or AWS would not start it.
    """
    return service.run(
        _function(arn), arn=arn, payload=payload, trace_id=trace_id, edge_region=edge_region
    )


def is_allowed(
    *,
    arn: str,
    principal: str,
    source_arn: str | None = None,
    source_account: str | None = None,
) -> bool:
    """Return whether the resource policy of a function lets a service invoke it.

    Args:
        arn: Of the function, or of one of its versions or aliases; each has a policy of its own.
        principal: Such as `apigateway.amazonaws.com`.
        source_arn: What the service acts for, such as `arn:aws:execute-api:...:ID/prod/GET/orders`.
        source_account: Its account.
    """
    try:
        function = _function(arn)
    except InvokeError:
        return False
    return resource_policy.permits(
        function.policy.statements,
        arn=arn,
        principal=principal,
        source_arn=source_arn,
        source_account=source_account,
    )


def _function(arn: str) -> LambdaFunction:
    parts = _ARN.fullmatch(arn)
    if parts is None:
        message = f"{arn} is not the ARN of a function"
        raise InvokeError(code="InvalidParameterValueException", status=400, message=message)
    backend = lambda_backends[parts["account"]][parts["region"]]
    try:
        return backend.get_function(parts["name"], parts["qualifier"])
    except LambdaClientError as error:
        code = "ResourceNotFoundException"
        raise InvokeError(code=code, status=404, message=error.message) from error
