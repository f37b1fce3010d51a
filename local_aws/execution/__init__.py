"""Runs Lambda functions in Node.js processes, which stand for AWS's execution environments.

The handlers of HTTP requests use the names in `__all__` only; the hooks also use submodules.

Not emulated: memory and CPU limits, freezing between events, retries and destinations of
asynchronous invocations, weighted aliases, response streaming, layers, extensions and X-Ray. `/tmp`
is the machine's own.
"""

from local_aws.execution import resource_policy, service, working_copy
from local_aws.execution.arns import find_function
from local_aws.execution.invocation import Invocation, InvokeError, ThrottledError
from local_aws.execution.service import stop

__all__ = [
    "Invocation",
    "InvokeError",
    "ThrottledError",
    "invoke",
    "is_allowed",
    "may_pause",
    "stop",
]


def invoke(
    *, arn: str, payload: bytes, trace_id: str | None = None, edge_region: str | None = None
) -> Invocation:
    """Run a function and wait for its result.

    Args:
        arn: The ARN of the function, or of one of its versions or aliases.
        payload: The event in JSON.
        trace_id: The trace header of the request that caused it; None creates a new one.
        edge_region: The region where CloudFront runs an edge function. Its log group is
            `/aws/lambda/us-east-1.NAME` in that region.

    Raises:
        ThrottledError: The function's reserved concurrency is in use.
        InvokeError: The function does not exist or cannot run here, or AWS would not start it.
    """
    return service.run(
        find_function(arn), arn=arn, payload=payload, trace_id=trace_id, edge_region=edge_region
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
        arn: The ARN of the function, or of a version or alias; each has its own policy.
        principal: The service, such as `apigateway.amazonaws.com`.
        source_arn: The resource that calls, such as `arn:aws:execute-api:...:ID/prod/GET/orders`.
        source_account: The account of that resource.
    """
    try:
        function = find_function(arn)
    except InvokeError:
        return False
    return resource_policy.permits(
        function.policy.statements,
        arn=arn,
        principal=principal,
        source_arn=source_arn,
        source_account=source_account,
    )


def may_pause(*, arn: str) -> bool:
    """Return whether a debugger may pause what an ARN invokes, so that no timeout should end it."""
    copy = working_copy.serving(arn)
    return copy is not None and copy.inspected
