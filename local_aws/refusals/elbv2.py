"""Elastic Load Balancing (API reference, CreateTargetGroup and others)."""

from collections.abc import Iterator

from local_aws.refusals.refusal import Refusal, Request, outside, parts
from review.limits import elbv2

LISTENERS = ("CreateListener", "ModifyListener")


def _find_group(request: Request) -> Iterator[str]:
    parameters = request.parameters
    is_function = parameters.get("TargetType") == "lambda"
    for name in ("Port", "Protocol", "VpcId"):
        if is_function and parameters.get(name):
            yield f"{name} cannot be specified for target groups with target type 'lambda'"
        elif not is_function and not parameters.get(name):
            yield f"{name} must be specified"


def _find_certificate(request: Request) -> Iterator[str]:
    parameters = request.parameters
    if parameters.get("Protocol") == "HTTP" and (
        parameters.get("Certificates") or parameters.get("SslPolicy")
    ):
        yield "Certificates and SSL policies cannot be specified for HTTP listeners."


def _find_priority(request: Request) -> Iterator[str]:
    yield from outside(request.parameters, "Priority", elbv2.LISTENER_PRIORITY)


def _find_attributes(request: Request) -> Iterator[str]:
    found = {
        each.get("Key"): str(each.get("Value")) for each in parts(request.parameters, "Attributes")
    }
    idle = {"idle_timeout.timeout_seconds": found.get("idle_timeout.timeout_seconds")}
    yield from outside(idle, "idle_timeout.timeout_seconds", elbv2.IDLE_SECONDS)
    if "AWSLogs" in found.get("access_logs.s3.prefix", ""):
        yield "The prefix cannot contain AWSLogs."


REFUSALS = (
    Refusal(
        service="elbv2",
        operations=("CreateTargetGroup",),
        code="ValidationError",
        find=_find_group,
    ),
    Refusal(service="elbv2", operations=LISTENERS, code="ValidationError", find=_find_certificate),
    Refusal(
        service="elbv2",
        operations=("CreateRule", "SetRulePriorities"),
        code="ValidationError",
        find=_find_priority,
    ),
    Refusal(
        service="elbv2",
        operations=("ModifyLoadBalancerAttributes",),
        code="InvalidConfigurationRequest",
        find=_find_attributes,
    ),
)
