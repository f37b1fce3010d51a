"""Policies of CloudFront's cache keys, origin requests and response headers."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudfront_cache_policy import (
    CloudfrontCachePolicy,
    CloudfrontCachePolicyParametersInCacheKeyAndForwardedToOrigin,
    CloudfrontCachePolicyParametersInCacheKeyAndForwardedToOriginCookiesConfig,
    CloudfrontCachePolicyParametersInCacheKeyAndForwardedToOriginHeadersConfig,
    CloudfrontCachePolicyParametersInCacheKeyAndForwardedToOriginQueryStringsConfig,
)
from cdktf_cdktf_provider_aws.cloudfront_response_headers_policy import (
    CloudfrontResponseHeadersPolicy,
    CloudfrontResponseHeadersPolicyRemoveHeadersConfig,
    CloudfrontResponseHeadersPolicyRemoveHeadersConfigItems,
    CloudfrontResponseHeadersPolicySecurityHeadersConfig,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigContentTypeOptions,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigFrameOptions,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigReferrerPolicy,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurity,
)
from cdktf_cdktf_provider_aws.data_aws_cloudfront_cache_policy import DataAwsCloudfrontCachePolicy
from cdktf_cdktf_provider_aws.data_aws_cloudfront_origin_request_policy import (
    DataAwsCloudfrontOriginRequestPolicy,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

API_CACHE_POLICY = "Managed-CachingDisabled"

API_REQUEST_POLICY = "Managed-AllViewerExceptHostHeader"
"""API Gateway finds the API by the Host header: with the viewer's own it answers 403 (CloudFront
Developer Guide, Use managed origin request policies)."""

HSTS_SECONDS = 31_536_000
"""One year, the minimum of browsers' preload lists."""

REMOVED_HEADERS = ("Server", "X-Powered-By")


@dataclass(frozen=True, kw_only=True)
class CacheLifetime:
    """How long CloudFront keeps a catalogue answer, in seconds."""

    default_seconds: int
    """Lifetime of an answer without Cache-Control."""

    max_seconds: int
    """Longest lifetime, even if Cache-Control allows more."""


class Policies(Construct):
    """Ids of the policies of the distribution's behaviours.

    The catalogue's cache key consists of path, query (paging and filters change the answer) and
    encoding. Nothing else reaches the origin, neither cookies nor Authorization, so a cached answer
    never belongs to one person. An answer may forbid caching: the shortest lifetime is 0.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        provider: AwsProvider,
        name: str,
        catalog_lifetime: CacheLifetime,
    ) -> None:
        super().__init__(scope, id_)
        self._provider = provider
        self.api_cache = DataAwsCloudfrontCachePolicy(
            self, "api-cache", provider=provider, name=API_CACHE_POLICY
        ).id
        self.api_request = DataAwsCloudfrontOriginRequestPolicy(
            self, "api-request", provider=provider, name=API_REQUEST_POLICY
        ).id
        self.catalog_cache = self._build_catalog_cache(name, catalog_lifetime)
        self.response_headers = self._build_response_headers(name)

    def _build_catalog_cache(self, name: str, lifetime: CacheLifetime) -> str:
        key = CloudfrontCachePolicyParametersInCacheKeyAndForwardedToOrigin
        cookies = CloudfrontCachePolicyParametersInCacheKeyAndForwardedToOriginCookiesConfig
        headers = CloudfrontCachePolicyParametersInCacheKeyAndForwardedToOriginHeadersConfig
        query = CloudfrontCachePolicyParametersInCacheKeyAndForwardedToOriginQueryStringsConfig
        return CloudfrontCachePolicy(
            self,
            "catalog-cache",
            provider=self._provider,
            name=f"{name}-catalog",
            comment="Catalogue reads: by path, query and encoding",
            min_ttl=0,
            default_ttl=lifetime.default_seconds,
            max_ttl=lifetime.max_seconds,
            parameters_in_cache_key_and_forwarded_to_origin=key(
                cookies_config=cookies(cookie_behavior="none"),
                headers_config=headers(header_behavior="none"),
                query_strings_config=query(query_string_behavior="all"),
                enable_accept_encoding_brotli=True,
                enable_accept_encoding_gzip=True,
            ),
        ).id

    def _build_response_headers(self, name: str) -> str:
        security = CloudfrontResponseHeadersPolicySecurityHeadersConfig
        hsts = CloudfrontResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurity
        sniffing = CloudfrontResponseHeadersPolicySecurityHeadersConfigContentTypeOptions
        framing = CloudfrontResponseHeadersPolicySecurityHeadersConfigFrameOptions
        referrer = CloudfrontResponseHeadersPolicySecurityHeadersConfigReferrerPolicy
        removed = CloudfrontResponseHeadersPolicyRemoveHeadersConfigItems
        return CloudfrontResponseHeadersPolicy(
            self,
            "response-headers",
            provider=self._provider,
            name=f"{name}-security",
            comment="Security headers on every answer",
            security_headers_config=security(
                strict_transport_security=hsts(
                    access_control_max_age_sec=HSTS_SECONDS, include_subdomains=True, override=True
                ),
                content_type_options=sniffing(override=True),
                frame_options=framing(frame_option="DENY", override=True),
                referrer_policy=referrer(
                    referrer_policy="strict-origin-when-cross-origin", override=True
                ),
            ),
            remove_headers_config=CloudfrontResponseHeadersPolicyRemoveHeadersConfig(
                items=[removed(header=header) for header in REMOVED_HEADERS]
            ),
        ).id
