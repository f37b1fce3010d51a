"""Lambda (Lambda API reference, CreateFunction)."""

from collections.abc import Iterator

from local_aws.refusals.refusal import Refusal, Request, outside
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


REFUSALS = (
    Refusal(service="lambda", operations=CHANGES, code="ValidationException", find=_find_numbers),
    Refusal(
        service="lambda",
        operations=("CreateFunction",),
        code="InvalidParameterValueException",
        find=_find_image,
    ),
)
