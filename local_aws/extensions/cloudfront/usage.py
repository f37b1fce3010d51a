"""What the distributions of an account use."""

from collections.abc import Iterator
from typing import Any, cast

from moto.cloudfront.models import CloudFrontBackend


def origins_in_use(backend: CloudFrontBackend) -> set[str]:
    """Return the ids of the VPC origins and origin access controls that distributions use."""
    used: set[str] = set()
    for config in _configurations(backend):
        for origin in config.Origins["Items"]:
            vpc_origin: dict[str, str] = origin.vpc_origin_config or {}
            used |= {vpc_origin.get("VpcOriginId", ""), origin.origin_access_control_id}
    return used


def policies_in_use(backend: CloudFrontBackend) -> set[str]:
    """Return the ids of the policies that the distributions' cache behaviors use."""
    return {
        policy
        for behavior in _behaviors(backend)
        for policy in (
            behavior.cache_policy_id,
            behavior.origin_request_policy_id,
            behavior.response_headers_policy_id,
        )
    }


def functions_in_use(backend: CloudFrontBackend) -> set[str]:
    """Return the ARNs of the function versions that the distributions' cache behaviors run."""
    return {
        association["LambdaFunctionARN"]
        for behavior in _behaviors(backend)
        for association in behavior.lambda_function_associations.get("Items", [])
    }


def web_acls_in_use(backend: CloudFrontBackend) -> set[str]:
    """Return the ARNs of the web ACLs that distributions use."""
    return {config.WebACLId for config in _configurations(backend)}


def _behaviors(backend: CloudFrontBackend) -> Iterator[Any]:
    for config in _configurations(backend):
        yield config.DefaultCacheBehavior
        yield from config.CacheBehaviors.get("Items", [])


def _configurations(backend: CloudFrontBackend) -> Iterator[Any]:
    # moto sets the attributes of a configuration dynamically.
    for distribution in backend.distributions.values():
        yield cast("Any", distribution.distribution_config)
