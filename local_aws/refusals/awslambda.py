"""Lambda (Lambda API reference, CreateFunction)."""

from collections.abc import Iterator

from local_aws.refusals.refusal import Refusal, Request, outside, part
from review.limits import awslambda

CHANGES = ("CreateFunction", "UpdateFunctionConfiguration")


def _find_numbers(request: Request) -> Iterator[str]:
    yield from outside(request.parameters, "Timeout", awslambda.TIMEOUT_SECONDS)
    yield from outside(request.parameters, "MemorySize", awslambda.MEMORY_MEBIBYTES)


def _find_image(request: Request) -> Iterator[str]:
    parameters = request.parameters
    if parameters.get("PackageType") == "Image":
        for name in ("Runtime", "Handler", "Layers"):
            if parameters.get(name):
                yield f"{name} is not supported for functions created with container images."
        return
    for name in ("Runtime", "Handler"):
        if not parameters.get(name):
            yield f"{name} is mandatory for functions created with deployment packages."


def _find_environment(request: Request) -> Iterator[str]:
    variables = part(request.parameters, "Environment", "Variables")
    reserved = sorted(variables.keys() & set(awslambda.RESERVED_VARIABLES))
    if reserved:
        yield "Lambda was unable to configure your environment variables because the environment "
        yield "variables you have provided contains reserved keys that are currently not supported "
        yield f"for modification. Reserved keys used in this request: {', '.join(reserved)}"
    size = sum(len(name.encode()) + len(str(value).encode()) for name, value in variables.items())
    if size > awslambda.ENVIRONMENT_BYTES:
        yield "Lambda was unable to configure your environment variables because the environment "
        yield f"variables you have provided exceeded the {awslambda.ENVIRONMENT_BYTES} byte limit."


REFUSALS = (
    Refusal(service="lambda", operations=CHANGES, code="ValidationException", find=_find_numbers),
    Refusal(
        service="lambda",
        operations=("CreateFunction",),
        code="InvalidParameterValueException",
        find=_find_image,
    ),
    Refusal(
        service="lambda",
        operations=CHANGES,
        code="InvalidParameterValueException",
        find=_find_environment,
    ),
)
