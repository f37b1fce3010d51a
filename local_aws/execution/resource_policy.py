"""Evaluates the resource policies of functions."""

from typing import Any

from local_aws.execution.policies import Request, allows


def permits(
    statements: list[dict[str, Any]],
    *,
    arn: str,
    principal: str,
    source_arn: str | None,
    source_account: str | None,
) -> bool:
    """Return whether the statements about an ARN permit to invoke it.

    The function, each version and each alias have their own policy. moto keeps all statements
    together, and `Resource` says which policy a statement belongs to.
    """
    own = [statement for statement in statements if statement["Resource"] == arn]
    request = Request(
        action="lambda:InvokeFunction",
        resource=arn,
        service=principal,
        context={"aws:sourcearn": source_arn, "aws:sourceaccount": source_account},
    )
    return allows([{"Statement": own}], request)
