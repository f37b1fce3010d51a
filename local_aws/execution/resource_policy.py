"""Whether a function's resource policy lets somebody invoke it."""

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
    """Evaluate the statements about one ARN.

    The function, each version and each alias have a policy of their own; moto keeps them together
    and says in `Resource` which one a statement belongs to.
    """
    own = [statement for statement in statements if statement["Resource"] == arn]
    request = Request(
        action="lambda:InvokeFunction",
        resource=arn,
        service=principal,
        context={"aws:sourcearn": source_arn, "aws:sourceaccount": source_account},
    )
    return allows([{"Statement": own}], request)
