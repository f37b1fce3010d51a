"""Adds the headers of a response headers policy to a response.

Source: CloudFront Developer Guide, Understand response headers policies.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.datastructures import Headers

from local_aws.requests.distribution.configuration import Policy
from local_aws.requests.unsupported import UnsupportedError

_UNSUPPORTED = ("CorsConfig", "ServerTimingHeadersConfig")


def apply_policy(headers: Headers, *, policy: Policy) -> None:
    """Change headers as a policy says: remove some first, then add or override others.

    Raises:
        UnsupportedError: The policy has settings for CORS or server timing.
    """
    for part in _UNSUPPORTED:
        if part in policy:
            message = f"The embedded AWS lacks response headers policies with {part}."
            raise UnsupportedError(message)
    for item in policy.get("RemoveHeadersConfig", {}).get("Items", []):
        headers.remove(item["Header"])
    for item in policy.get("CustomHeadersConfig", {}).get("Items", []):
        _add(headers, item["Header"], item["Value"], override=item["Override"])
    security: Mapping[str, Any] = policy.get("SecurityHeadersConfig", {})
    for part, name, value in _security_headers(security):
        _add(headers, name, value, override=security[part]["Override"])


def _add(headers: Headers, name: str, value: str, *, override: bool) -> None:
    if override or name not in headers:
        headers[name] = value


def _security_headers(security: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield each part of the policy, with its header and value."""
    for part, name, key in (
        ("ContentSecurityPolicy", "Content-Security-Policy", "ContentSecurityPolicy"),
        ("FrameOptions", "X-Frame-Options", "FrameOption"),
        ("ReferrerPolicy", "Referrer-Policy", "ReferrerPolicy"),
    ):
        if part in security:
            yield part, name, security[part][key]
    if "ContentTypeOptions" in security:
        yield "ContentTypeOptions", "X-Content-Type-Options", "nosniff"
    if transport := security.get("StrictTransportSecurity"):
        value = f"max-age={transport['AccessControlMaxAgeSec']}"
        value += "; includeSubDomains" if transport.get("IncludeSubdomains") else ""
        value += "; preload" if transport.get("Preload") else ""
        yield "StrictTransportSecurity", "Strict-Transport-Security", value
    if filtering := security.get("XSSProtection"):
        value = "1" if filtering.get("Protection") else "0"
        value += "; mode=block" if filtering.get("ModeBlock") else ""
        yield "XSSProtection", "X-XSS-Protection", value
