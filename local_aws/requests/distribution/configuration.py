"""The configuration of a distribution, read from moto."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from moto.cloudfront.models import CloudFrontBackend, Distribution, cloudfront_backends

from local_aws.backends import every_backend
from local_aws.extensions.cloudfront.policies import policy_config
from local_aws.extensions.cloudfront.vpc_origins import Endpoint, endpoint_of
from local_aws.requests.unsupported import UnsupportedError

Policy = Mapping[str, Any]

VIEWER_REQUEST = "viewer-request"


@dataclass(frozen=True, kw_only=True)
class Behavior:
    """The cache behavior for requests whose path matches the pattern."""

    pattern: str
    target: str
    """The id of an origin or of an origin group."""

    methods: tuple[str, ...]
    edge_function: str | None
    """The ARN of the function version that runs on each viewer request."""

    cache_policy: Policy
    """The parts of a request in the cache key, which the origin gets too."""

    request_policy: Policy
    """The other parts of a request that the origin gets."""

    response_headers_policy: Policy
    """The headers that are added to responses."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """An origin."""

    domain_name: str
    path: str
    """The prefix of each request's path."""

    headers: Mapping[str, str]
    """The headers that are added to each request."""

    endpoint: Endpoint | None
    """The load balancer's listener, for a VPC origin."""


@dataclass(frozen=True, kw_only=True)
class OriginGroup:
    """Origins in order: the next one is asked if one answers with a failover status."""

    members: tuple[str, ...]
    failover_statuses: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ErrorPage:
    """A page of the distribution that replaces an error, with the status to return."""

    path: str
    status: int


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The configuration of a distribution."""

    id: str
    domain_name: str
    root_object: str
    behaviors: tuple[Behavior, ...]
    """The cache behaviors in order; the last one matches all paths."""

    origins: Mapping[str, Origin]
    groups: Mapping[str, OriginGroup]
    error_pages: Mapping[int, ErrorPage]
    """The error pages, by the status that they replace."""


def read_configuration(distribution_id: str) -> Configuration | None:
    """Return a distribution's configuration, or None without such a distribution.

    Raises:
        UnsupportedError: It has settings that the embedded AWS lacks.
    """
    for backend in every_backend(cloudfront_backends):
        if distribution := backend.distributions.get(distribution_id):
            return _configuration(distribution, backend)
    return None


def _configuration(distribution: Distribution, backend: CloudFrontBackend) -> Configuration:
    config = cast("Any", distribution.distribution_config)
    ordered: list[Any] = config.CacheBehaviors.get("Items", [])
    return Configuration(
        id=distribution.id,
        domain_name=distribution.domain_name,
        root_object=config.DefaultRootObject,
        behaviors=(
            *(_behavior(item, item.path_pattern, backend) for item in ordered),
            _behavior(config.DefaultCacheBehavior, "*", backend),
        ),
        origins={item.id: _origin(item, backend) for item in config.Origins["Items"]},
        groups={
            item["Id"]: OriginGroup(
                members=tuple(member["OriginId"] for member in item["Members"]["Items"]),
                failover_statuses=tuple(map(int, item["FailoverCriteria"]["StatusCodes"]["Items"])),
            )
            for item in config.OriginGroups.get("Items", [])
        },
        error_pages={
            int(item["ErrorCode"]): ErrorPage(
                path=item["ResponsePagePath"], status=int(item["ResponseCode"])
            )
            for item in config.CustomErrorResponses.get("Items", [])
            if item.get("ResponsePagePath")
        },
    )


def _behavior(item: Any, pattern: str, backend: CloudFrontBackend) -> Behavior:  # noqa: ANN401  # moto sets its attributes dynamically
    if not item.cache_policy_id:
        message = "The embedded AWS lacks cache behaviors without a cache policy."
        raise UnsupportedError(message)
    return Behavior(
        pattern=pattern,
        target=item.target_origin_id,
        methods=tuple(item.allowed_methods.items),
        edge_function=_edge_function(item),
        cache_policy=policy_config(backend, noun="CachePolicy", policy_id=item.cache_policy_id).get(
            "ParametersInCacheKeyAndForwardedToOrigin", {}
        ),
        request_policy=_policy(backend, "OriginRequestPolicy", item.origin_request_policy_id),
        response_headers_policy=_policy(
            backend, "ResponseHeadersPolicy", item.response_headers_policy_id
        ),
    )


def _policy(backend: CloudFrontBackend, noun: str, policy_id: str | None) -> Policy:
    return policy_config(backend, noun=noun, policy_id=policy_id) if policy_id else {}


def _edge_function(item: Any) -> str | None:  # noqa: ANN401  # see above
    functions: list[dict[str, Any]] = item.lambda_function_associations.get("Items", [])
    others = {function["EventType"] for function in functions} - {VIEWER_REQUEST}
    if others or item.function_associations.get("Items"):
        message = f"The embedded AWS runs edge functions of Lambda at {VIEWER_REQUEST} only."
        raise UnsupportedError(message)
    return next((function["LambdaFunctionARN"] for function in functions), None)


def _origin(item: Any, backend: CloudFrontBackend) -> Origin:  # noqa: ANN401  # see above
    vpc_origin: dict[str, str] = item.vpc_origin_config or {}
    return Origin(
        domain_name=item.domain_name,
        path=item.origin_path,
        headers={
            header["HeaderName"]: header["HeaderValue"]
            for header in item.custom_headers.get("Items", [])
        },
        endpoint=(
            endpoint_of(backend, vpc_origin_id=vpc_origin["VpcOriginId"]) if vpc_origin else None
        ),
    )
