"""WAF (API reference, CreateWebACL and PutLoggingConfiguration)."""

from collections.abc import Iterator

from local_aws.refusals.refusal import Refusal, Request, part, texts
from review.limits import cloudfront


def _find_region(request: Request) -> Iterator[str]:
    is_global = request.parameters.get("Scope") == "CLOUDFRONT"
    if is_global and request.region != cloudfront.EDGE_REGION:
        yield "Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT"


def _find_name(request: Request) -> Iterator[str]:
    for arn in texts(part(request.parameters, "LoggingConfiguration"), "LogDestinationConfigs"):
        name = arn.removesuffix(":*").rpartition(":")[2].rpartition("/")[2]
        if not name.startswith(cloudfront.WAF_LOG_PREFIX):
            yield f"Error reason: The ARN isn't valid., field: LOG_DESTINATION, parameter: {arn}"


REFUSALS = (
    Refusal(
        service="wafv2",
        operations=("CreateWebACL", "CreateIPSet", "CreateRuleGroup", "CreateRegexPatternSet"),
        code="WAFInvalidParameterException",
        find=_find_region,
    ),
    Refusal(
        service="wafv2",
        operations=("PutLoggingConfiguration",),
        code="WAFInvalidParameterException",
        find=_find_name,
    ),
)
