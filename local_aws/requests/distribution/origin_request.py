"""Builds the request that CloudFront sends to an origin.

Source: CloudFront Developer Guide, Control origin requests with a policy. The request contains the
parts in the cache key, those that the origin request policy names, and CloudFront's own headers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus

from werkzeug.datastructures import Headers

from local_aws.requests.distribution.configuration import Behavior, Origin, Policy
from local_aws.requests.messages import Request

VIA = "1.1 local.cloudfront.net (CloudFront)"

_NEVER = frozenset(
    {"connection", "cookie", "expect", "te", "trailer", "transfer-encoding", "upgrade"}
)
"""Headers that are never copied: those of a connection, and Cookie, which is filtered by name."""

_WITH_BODY = frozenset({"content-encoding", "content-length", "content-type"})
_ENCODINGS = {"EnableAcceptEncodingBrotli": "br", "EnableAcceptEncodingGzip": "gzip"}


def origin_request(
    request: Request, *, behavior: Behavior, origin: Origin, request_id: str
) -> Request:
    """Return the request for an origin."""
    policies = (behavior.cache_policy, behavior.request_policy)
    return replace(
        request,
        path=origin.path + request.path,
        query=_query(request.query, policies),
        headers=_headers(request, behavior, origin, request_id),
    )


def _headers(request: Request, behavior: Behavior, origin: Origin, request_id: str) -> Headers:
    policies = (behavior.cache_policy, behavior.request_policy)
    headers = Headers(
        [
            (name, value)
            for name, value in request.headers
            if _is_passed_on(name.lower(), request, policies)
        ]
    )
    headers.setdefault("Host", origin.domain_name)
    headers.setdefault("User-Agent", "Amazon CloudFront")
    if cookies := _cookies(request, policies):
        headers["Cookie"] = cookies
    if encodings := _encodings(request, behavior.cache_policy):
        headers["Accept-Encoding"] = encodings
    forwarded = [*request.headers.getlist("X-Forwarded-For"), request.source_ip]
    headers["X-Forwarded-For"] = ", ".join(forwarded)
    headers["Via"] = ", ".join([*request.headers.getlist("Via"), VIA])
    headers["X-Amz-Cf-Id"] = request_id
    for name, value in origin.headers.items():
        headers[name] = value
    return headers


def _is_passed_on(name: str, request: Request, policies: Iterable[Policy]) -> bool:
    if name in _NEVER:
        return False
    if name in _WITH_BODY and request.body:
        return True
    return any(_selects(policy, "Header", name) for policy in policies)


def _selects(policy: Policy, kind: str, name: str) -> bool:
    """Return whether a policy selects a header, cookie or query string."""
    config: Mapping[str, Any] = policy.get(f"{kind}sConfig", {})
    behavior: str = config.get(f"{kind}Behavior", "none")
    items: list[str] = config.get(f"{kind}s", {}).get("Items", [])
    named = name in ([item.lower() for item in items] if kind == "Header" else items)
    if behavior in {"all", "allViewer", "allViewerAndWhitelistCloudFront"}:
        return True
    return not named if behavior == "allExcept" else named and behavior == "whitelist"


def _cookies(request: Request, policies: Iterable[Policy]) -> str:
    sent = "; ".join(request.headers.getlist("Cookie")).split("; ")
    kept = [
        cookie
        for cookie in sent
        if cookie
        and any(_selects(policy, "Cookie", cookie.partition("=")[0]) for policy in policies)
    ]
    return "; ".join(kept)


def _query(query: str, policies: Iterable[Policy]) -> str:
    kept = [
        parameter
        for parameter in query.split("&")
        if any(
            _selects(policy, "QueryString", unquote_plus(parameter.partition("=")[0]))
            for policy in policies
        )
    ]
    return "&".join(kept)


def _encodings(request: Request, cache_policy: Policy) -> str:
    """Return the encodings in the cache key that the viewer accepts."""
    accepted = request.headers.get("Accept-Encoding", "")
    taken = {part.partition(";")[0].strip() for part in accepted.split(",")}
    return ",".join(
        encoding
        for setting, encoding in _ENCODINGS.items()
        if cache_policy.get(setting) and encoding in taken
    )
