"""CloudFront (API reference, CreateDistribution and CreateCachePolicy)."""

from collections.abc import Callable, Iterator

from local_aws.refusals.refusal import Parameters, Refusal, Request, part, parts, texts
from review.limits import cloudfront

SERVICE = "cloudfront"


def _configuration(request: Request) -> Parameters:
    """Return the distribution that a request is about; the one with tags has it further within."""
    outer = request.parameters.get("DistributionConfigWithTags") or request.parameters
    return part(outer, "DistributionConfig")


def _behaviors(configuration: Parameters) -> list[Parameters]:
    ordered = parts(configuration, "CacheBehaviors", "Items")
    return [part(configuration, "DefaultCacheBehavior"), *ordered]


def _groups(configuration: Parameters) -> list[Parameters]:
    return parts(configuration, "OriginGroups", "Items")


def _find_origins(request: Request) -> Iterator[str]:
    configuration = _configuration(request)
    origins = {each.get("Id") for each in parts(configuration, "Origins", "Items")}
    for group in _groups(configuration):
        for member in parts(group, "Members", "Items"):
            if member.get("OriginId") not in origins:
                yield "One or more of your origin groups has a member that does not exist."
    known = origins | {group.get("Id") for group in _groups(configuration)}
    for behavior in _behaviors(configuration):
        if behavior.get("TargetOriginId") not in known:
            yield "One or more of your origins or origin groups do not exist."


def _find_methods(request: Request) -> Iterator[str]:
    configuration = _configuration(request)
    groups = {group.get("Id") for group in _groups(configuration)}
    for behavior in _behaviors(configuration):
        methods = texts(part(behavior, "AllowedMethods"), "Items")
        if behavior.get("TargetOriginId") in groups and not set(methods) <= {
            *cloudfront.FAILOVER_METHODS
        }:
            yield "The parameter AllowedMethods cannot include methods other than GET, HEAD and"
            yield "OPTIONS for a cache behavior associated with an origin group."


def _find_functions(request: Request) -> Iterator[str]:
    for behavior in _behaviors(_configuration(request)):
        own = parts(behavior, "FunctionAssociations", "Items")
        edge = parts(behavior, "LambdaFunctionAssociations", "Items")
        at_viewer = [each for each in edge if each.get("EventType") in cloudfront.VIEWER_EVENTS]
        if own and at_viewer:
            yield "A cache behavior cannot have both functions at viewer events."


def _find_version(request: Request) -> Iterator[str]:
    for behavior in _behaviors(_configuration(request)):
        for each in parts(behavior, "LambdaFunctionAssociations", "Items"):
            arn = str(each.get("LambdaFunctionARN"))
            if not arn.rpartition(":")[2].isdigit():
                yield f"The function ARN must reference a specific function version: {arn}"
            elif f":lambda:{cloudfront.EDGE_REGION}:" not in arn:
                yield f"The function must be in region {cloudfront.EDGE_REGION}: {arn}"


def _find_firewall(request: Request) -> Iterator[str]:
    acl = _configuration(request).get("WebACLId") or ""
    if acl.startswith("arn:") and ":global/webacl/" not in acl:
        yield f"Web ACL is not accessible by the requester or has another scope: {acl}"


def _find_times(request: Request) -> Iterator[str]:
    policy = part(request.parameters, "CachePolicyConfig")
    least, default, most = (policy.get(name) for name in ("MinTTL", "DefaultTTL", "MaxTTL"))
    if most is not None and int(least or 0) > int(most):
        yield "The parameter MinTTL is greater than the parameter MaxTTL."
    if default is not None and most is not None and int(default) > int(most):
        yield "The parameter DefaultTTL is greater than the parameter MaxTTL."


def _distribution(code: str, find: Callable[[Request], Iterator[str]]) -> Refusal:
    operations = (
        "CreateDistribution",
        "CreateDistributionWithTags",
        "UpdateDistribution",
    )
    return Refusal(service=SERVICE, operations=operations, code=code, find=find)


REFUSALS = (
    _distribution("NoSuchOrigin", _find_origins),
    _distribution("InvalidArgument", _find_methods),
    _distribution("InvalidFunctionAssociation", _find_functions),
    _distribution("InvalidLambdaFunctionAssociation", _find_version),
    _distribution("InvalidWebACLId", _find_firewall),
    Refusal(
        service=SERVICE,
        operations=("CreateCachePolicy", "UpdateCachePolicy"),
        code="InvalidArgument",
        find=_find_times,
    ),
)
