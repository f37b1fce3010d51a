"""Runs Lambda functions: their code in Node.js processes, as AWS runs it in execution environments.

Other parts of the embedded AWS use what this module names and nothing below it.
"""

from local_aws.execution.invocation import Invocation, InvokeError, ThrottledError

__all__ = ["Invocation", "InvokeError", "ThrottledError", "invoke", "is_allowed", "stop"]


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
    raise NotImplementedError


def is_allowed(
    *,
    arn: str,
    principal: str,
    source_arn: str | None = None,
    source_account: str | None = None,
) -> bool:
    """Whether the resource policy of a function lets a service invoke it.

    Args:
        arn: Of the function, or of one of its versions or aliases; each has a policy of its own.
        principal: Such as `apigateway.amazonaws.com`.
        source_arn: What the service acts for, such as `arn:aws:execute-api:...:ID/prod/GET/orders`.
        source_account: Its account.
    """
    raise NotImplementedError


def stop() -> None:
    """End every execution environment; none starts afterwards."""
    raise NotImplementedError
