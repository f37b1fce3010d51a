"""CloudFront policies; gaps of moto 5.2.5.

- Cache, origin request and response headers policies are missing. A cache policy is refused if its
  times are out of order, or if it caches nothing and yet names parts of a cache key.

AWS's managed policies have their published names, ids and contents; managed CORS policies have no
contents here. Custom policies are kept as they were sent.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from moto.cloudfront import urls
from moto.cloudfront.exceptions import CloudFrontException, InvalidIfMatchVersion
from moto.cloudfront.models import CloudFrontBackend, random_id
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores, utcnow
from moto.moto_api._internal import mock_random

from local_aws.extensions.cloudfront.usage import policies_in_use
from local_aws.graft import graft

_init = CloudFrontBackend.__init__

_Config = dict[str, Any]


@dataclass(frozen=True)
class _Kind:
    """One of the three kinds of policy, with its name, its path and AWS's managed policies."""

    noun: str
    path: str
    managed: dict[str, tuple[str, _Config]]


def _cached(minimum: int, default: int, maximum: int, *, encodings: bool = False) -> _Config:
    return {
        "MinTTL": minimum,
        "DefaultTTL": default,
        "MaxTTL": maximum,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingGzip": encodings,
            "EnableAcceptEncodingBrotli": encodings,
            "HeadersConfig": {"HeaderBehavior": "none"},
            "CookiesConfig": {"CookieBehavior": "none"},
            "QueryStringsConfig": {"QueryStringBehavior": "none"},
        },
    }


def _passed_on(behavior: str, *headers: str) -> _Config:
    named = {"Headers": {"Quantity": len(headers), "Items": list(headers)}} if headers else {}
    return {
        "HeadersConfig": {"HeaderBehavior": behavior} | named,
        "CookiesConfig": {"CookieBehavior": "all"},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
    }


_DAY, _YEAR = 86_400, 31_536_000
_KINDS = (
    _Kind(
        "CachePolicy",
        "cache-policy",
        {
            "Managed-CachingDisabled": ("4135ea2d-6df8-44a3-9df3-4b5a84be39ad", _cached(0, 0, 0)),
            "Managed-CachingOptimized": (
                "658327ea-f89d-4fab-a63d-7e88639e58f6",
                _cached(1, _DAY, _YEAR, encodings=True),
            ),
            "Managed-CachingOptimizedForUncompressedObjects": (
                "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
                _cached(1, _DAY, _YEAR),
            ),
        },
    ),
    _Kind(
        "OriginRequestPolicy",
        "origin-request-policy",
        {
            "Managed-AllViewer": (
                "216adef6-5c7f-47e4-b989-5492eafa07d3",
                _passed_on("allViewer"),
            ),
            "Managed-AllViewerExceptHostHeader": (
                "b689b0a8-53d0-40ab-baf2-68738e2966ac",
                _passed_on("allExcept", "host"),
            ),
            "Managed-CORS-CustomOrigin": ("59781a5b-3903-41f3-afcb-af62929ccde1", {}),
            "Managed-CORS-S3Origin": ("88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", {}),
        },
    ),
    _Kind(
        "ResponseHeadersPolicy",
        "response-headers-policy",
        {
            "Managed-SecurityHeadersPolicy": (
                "67f7725c-6f97-4210-82d7-5512b31e9d03",
                {
                    "SecurityHeadersConfig": {
                        "XSSProtection": {"Override": False, "Protection": True, "ModeBlock": True},
                        "FrameOptions": {"Override": False, "FrameOption": "SAMEORIGIN"},
                        "ReferrerPolicy": {
                            "Override": False,
                            "ReferrerPolicy": "strict-origin-when-cross-origin",
                        },
                        "ContentTypeOptions": {"Override": True},
                        "StrictTransportSecurity": {
                            "Override": False,
                            "AccessControlMaxAgeSec": _YEAR,
                        },
                    }
                },
            ),
            "Managed-SimpleCORS": ("60669652-455b-4ae9-85a4-c4c02393f86c", {}),
            "Managed-CORS-With-Preflight": ("5cc3b908-e619-4b99-88e5-2cf7f45965bd", {}),
            "Managed-CORS-and-SecurityHeadersPolicy": (
                "e61eb60c-9c35-4d20-a928-2b84e02af89c",
                {},
            ),
        },
    ),
)


@dataclass
class _Policy:
    type: str
    config: _Config
    id: str = field(default_factory=lambda: str(mock_random.uuid4()))
    etag: str = field(default_factory=random_id)

    def __post_init__(self) -> None:
        self.last_modified_time = utcnow()


class _NotFoundError(CloudFrontException):
    def __init__(self, kind: _Kind) -> None:
        super().__init__(f"NoSuch{kind.noun}", f"The {kind.path} does not exist.")


class _AlreadyExistsError(CloudFrontException):
    def __init__(self, kind: _Kind) -> None:
        super().__init__(f"{kind.noun}AlreadyExists", f"A {kind.path} with this name exists.")


class _InUseError(CloudFrontException):
    def __init__(self, kind: _Kind) -> None:
        super().__init__(f"{kind.noun}InUse", f"Distributions use the {kind.path}.")


class _ManagedError(CloudFrontException):
    def __init__(self) -> None:
        super().__init__("IllegalUpdate", "A policy that AWS manages cannot be changed.")


class _InvalidArgumentError(CloudFrontException):
    def __init__(self, message: str) -> None:
        super().__init__("InvalidArgument", message)


def _check_cache_policy(config: _Config) -> None:
    minimum, default, maximum = (
        int(config.get(name, ttl))
        for name, ttl in (("MinTTL", 0), ("DefaultTTL", _DAY), ("MaxTTL", _YEAR))
    )
    if not minimum <= default <= maximum:
        message = (
            "The parameter DefaultTTL must be at least MinTTL and at most MaxTTL:"
            f" {minimum}, {default}, {maximum}"
        )
        raise _InvalidArgumentError(message)
    parameters = config.get("ParametersInCacheKeyAndForwardedToOrigin", {})
    named = [
        behavior
        for part, behavior in (
            ("HeadersConfig", "HeaderBehavior"),
            ("CookiesConfig", "CookieBehavior"),
            ("QueryStringsConfig", "QueryStringBehavior"),
        )
        if parameters.get(part, {}).get(behavior, "none") != "none"
    ] + [
        encoding
        for encoding in ("EnableAcceptEncodingGzip", "EnableAcceptEncodingBrotli")
        if parameters.get(encoding)
    ]
    if maximum == 0 and named:
        message = f"The parameter {named[0]} is invalid for policy with caching disabled."
        raise _InvalidArgumentError(message)


@graft
class _Backend(CloudFrontBackend):
    def __init__(self, region_name: str, account_id: str) -> None:
        _init(self, region_name, account_id)
        self.policies: dict[str, dict[str, _Policy]] = {
            kind.noun: {
                policy_id: _Policy("managed", {"Name": name} | config, policy_id)
                for name, (policy_id, config) in kind.managed.items()
            }
            for kind in _KINDS
        }


def policy_config(backend: CloudFrontBackend, *, noun: str, policy_id: str) -> _Config:
    """Return the content of a policy; `noun` is its kind, such as `CachePolicy`."""
    return cast("_Backend", backend).policies[noun][policy_id].config


@dataclass(frozen=True)
class _Operations:
    """The operations on policies of one kind; each answers a request."""

    kind: _Kind

    def _policies(self, request: CloudFrontResponse) -> dict[str, _Policy]:
        return cast("_Backend", request.backend).policies[self.kind.noun]

    def _one(self, request: CloudFrontResponse) -> _Policy:
        policy = self._policies(request).get(request.params["Id"])
        if policy is None:
            raise _NotFoundError(self.kind)
        if request.method == "GET":
            return policy
        if policy.type == "managed":
            raise _ManagedError
        if request.params.get("IfMatch") != policy.etag:
            raise InvalidIfMatchVersion
        return policy

    def _shown(self, policy: _Policy) -> dict[str, object]:
        return {
            "Id": policy.id,
            "LastModifiedTime": policy.last_modified_time,
            f"{self.kind.noun}Config": policy.config,
        }

    def _answered(self, policy: _Policy) -> ActionResult:
        return ActionResult({self.kind.noun: self._shown(policy), "ETag": policy.etag})

    def _check_name(self, request: CloudFrontResponse, policy: _Policy) -> None:
        for other in self._policies(request).values():
            if other.id != policy.id and other.config["Name"] == policy.config["Name"]:
                raise _AlreadyExistsError(self.kind)

    def _requested(self, request: CloudFrontResponse) -> _Config:
        config = request.params[f"{self.kind.noun}Config"]
        if self.kind.noun == "CachePolicy":
            _check_cache_policy(config)
        return config

    def create(self, request: CloudFrontResponse) -> ActionResult:
        policy = _Policy("custom", self._requested(request))
        self._check_name(request, policy)
        self._policies(request)[policy.id] = policy
        return self._answered(policy)

    def get(self, request: CloudFrontResponse) -> ActionResult:
        return self._answered(self._one(request))

    def list(self, request: CloudFrontResponse) -> ActionResult:
        wanted = request.params.get("Type")
        items = [
            {"Type": policy.type, self.kind.noun: self._shown(policy)}
            for policy in self._policies(request).values()
            if wanted in (None, policy.type)
        ]
        found = {"MaxItems": 100, "Quantity": len(items), "Items": items}
        return ActionResult({f"{self.kind.noun}List": found})

    def update(self, request: CloudFrontResponse) -> ActionResult:
        kept = self._one(request)
        policy = _Policy("custom", self._requested(request), kept.id)
        self._check_name(request, policy)
        self._policies(request)[kept.id] = policy
        return self._answered(policy)

    def delete(self, request: CloudFrontResponse) -> ActionResult:
        policy = self._one(request)
        if policy.id in policies_in_use(request.backend):
            raise _InUseError(self.kind)
        del self._policies(request)[policy.id]
        return EmptyResult()


def _method(
    operation: Callable[[CloudFrontResponse], ActionResult],
) -> Callable[[CloudFrontResponse], ActionResult]:
    def method(self: CloudFrontResponse) -> ActionResult:
        return operation(self)

    return method


for kind in _KINDS:
    operations = _Operations(kind)
    one, many = camelcase_to_underscores(kind.noun), kind.noun.removesuffix("y") + "ies"
    for name, operation in {
        f"create_{one}": operations.create,
        f"get_{one}": operations.get,
        f"list_{camelcase_to_underscores(many)}": operations.list,
        f"update_{one}": operations.update,
        f"delete_{one}": operations.delete,
    }.items():
        setattr(CloudFrontResponse, name, _method(operation))
    for suffix in ("", "/(?P<policy_id>[^/]+)"):
        urls.url_paths[f"{{0}}/2020-05-31/{kind.path}{suffix}$"] = CloudFrontResponse.dispatch
