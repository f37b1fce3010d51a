"""Application Auto Scaling (API reference, RegisterScalableTarget and PutScheduledAction)."""

from collections.abc import Iterator

from local_aws.refusals.refusal import Parameters, Refusal, Request, part
from review.limits import awslambda

SERVICE = "application-autoscaling"
QUALIFIED_PARTS = 3
"""`function`, the name and the qualifier."""


def _find_target(request: Request) -> Iterator[str]:
    parameters = request.parameters
    if parameters.get("ServiceNamespace") == "lambda":
        dimension = parameters.get("ScalableDimension")
        if dimension != awslambda.SCALABLE_DIMENSION:
            yield f"Unsupported service namespace, resource type or scalable dimension: {dimension}"
        parts = str(parameters.get("ResourceId")).split(":")
        if len(parts) != QUALIFIED_PARTS or parts[0] != "function" or parts[2] == "$LATEST":
            yield f"Unsupported resource id: {parameters.get('ResourceId')}"
    yield from _find_order(parameters)


def _find_order(parameters: Parameters) -> Iterator[str]:
    least, most = parameters.get("MinCapacity"), parameters.get("MaxCapacity")
    if least is not None and most is not None and int(least) > int(most):
        yield "Minimum capacity cannot be greater than maximum capacity."


def _find_action(request: Request) -> Iterator[str]:
    yield from _find_order(part(request.parameters, "ScalableTargetAction"))


REFUSALS = (
    Refusal(
        service=SERVICE,
        operations=("RegisterScalableTarget",),
        code="ValidationException",
        find=_find_target,
    ),
    Refusal(
        service=SERVICE,
        operations=("PutScheduledAction",),
        code="ValidationException",
        find=_find_action,
    ),
)
