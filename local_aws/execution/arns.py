"""Finds the function that an ARN names."""

import re

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction, lambda_backends

from local_aws.execution.invocation import InvokeError

_ARN = re.compile(
    r"arn:[^:]+:lambda:(?P<region>[^:]+):(?P<account>\d+):function:(?P<name>[^:]+)(:(?P<qualifier>.+))?"
)


def find_function(arn: str) -> LambdaFunction:
    """Return the function, version or alias's version that an ARN names, as moto keeps it.

    Raises:
        InvokeError: There is none.
    """
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


def is_alias(arn: str) -> bool:
    """Return whether an ARN names an alias of a function."""
    parts = _ARN.fullmatch(arn)
    if parts is None:
        return False
    aliases = lambda_backends[parts["account"]][parts["region"]].list_aliases(parts["name"])
    return any(alias.name == parts["qualifier"] for alias in aliases)
