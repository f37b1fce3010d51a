"""CloudFront: the public entrance of the platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cdktf_cdktf_provider_aws.cloudfront_distribution import (
    CloudfrontDistribution,
    CloudfrontDistributionCustomErrorResponse,
    CloudfrontDistributionDefaultCacheBehavior,
    CloudfrontDistributionDefaultCacheBehaviorLambdaFunctionAssociation,
    CloudfrontDistributionOrderedCacheBehavior,
    CloudfrontDistributionOrderedCacheBehaviorLambdaFunctionAssociation,
    CloudfrontDistributionRestrictions,
    CloudfrontDistributionRestrictionsGeoRestriction,
    CloudfrontDistributionViewerCertificate,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from modules.edge.edge_function import EdgeFunction
from modules.edge.origins import API, CATALOG, ApiOrigin, LoadBalancerOrigin, Origins
from modules.edge.policies import CacheLifetime, Policies
from modules.service.catalog_listener import CATALOG_PATH
from modules.shared.edge_region import require_edge_region
from modules.shared.web_acl import WebAcl

READS = ("GET", "HEAD", "OPTIONS")
WRITES = ("PUT", "POST", "PATCH", "DELETE")
EVENT = "viewer-request"

MINIMUM_VIEWER_TLS = "TLSv1.2_2021"

ERRORS = (400, 403, 404, 405, 414, 500, 501, 502, 503, 504)
"""Statuses that CloudFront would cache for 10 s, most of them whatever Cache-Control says, and even
with caching off. A customer would get another customer's 403, or a 404 for something that exists by
now (CloudFront Developer Guide, Control how long CloudFront caches errors)."""

PriceClass = Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"]


@dataclass(frozen=True, kw_only=True)
class Domain:
    """The platform's own host names."""

    aliases: Sequence[str]

    certificate_arn: str
    """ARN of a certificate in us-east-1 that covers all aliases."""


class Distribution(Construct):
    """A distribution over the REST API, with the catalogue cached in front of the load balancer.

    Requests go to the API uncached, with everything except their Host header. Reads below
    `/catalog/` are cached and come from the load balancer or, if that fails, from the API.
    CloudFront chooses the behaviour by the path as sent, before the edge function runs. It refuses
    writes below `/catalog/` with 403, because a behaviour with an origin group cannot accept them.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        provider: AwsProvider,
        name: str,
        api: ApiOrigin,
        load_balancer: LoadBalancerOrigin,
        function: EdgeFunction,
        web_acl: WebAcl,
        catalog_lifetime: CacheLifetime,
        price_class: PriceClass,
        domain: Domain | None,
    ) -> None:
        """Create the distribution.

        Args:
            provider: Provider of us-east-1.
            name: The distribution's name and the prefix of its policies' names.
            api: Default origin.
            load_balancer: Origin of the catalogue.
            function: Function that runs on each viewer request.
            web_acl: Firewall of scope CLOUDFRONT.
            domain: The platform's own host names. None uses CloudFront's host name, for which
                CloudFront itself decides the oldest TLS version.

        Raises:
            ValueError: The provider is not of us-east-1.
        """
        super().__init__(scope, id_)
        require_edge_region(provider)
        self._function = function
        self._origins = Origins(
            self, "origins", provider=provider, name=name, api=api, load_balancer=load_balancer
        )
        self._policies = Policies(
            self, "policies", provider=provider, name=name, catalog_lifetime=catalog_lifetime
        )
        distribution = CloudfrontDistribution(
            self,
            "distribution",
            provider=provider,
            enabled=True,
            comment=name,
            http_version="http2and3",
            is_ipv6_enabled=True,
            price_class=price_class,
            aliases=list(domain.aliases) if domain else None,
            viewer_certificate=_viewer_certificate(domain),
            web_acl_id=web_acl.arn,
            origin=self._origins.origins,
            origin_group=[self._origins.group],
            default_cache_behavior=self._build_api_behavior(),
            ordered_cache_behavior=[self._build_catalog_behavior()],
            custom_error_response=[
                CloudfrontDistributionCustomErrorResponse(error_code=code, error_caching_min_ttl=0)
                for code in ERRORS
            ],
            restrictions=CloudfrontDistributionRestrictions(
                geo_restriction=CloudfrontDistributionRestrictionsGeoRestriction(
                    restriction_type="none"
                )
            ),
            tags={"Name": name},
        )
        self.vpc_origin = self._origins.vpc_origin
        self.id = distribution.id
        self.arn = distribution.arn
        self.domain_name = distribution.domain_name
        # For alias records in Route 53.
        self.hosted_zone_id = distribution.hosted_zone_id

    def _build_api_behavior(self) -> CloudfrontDistributionDefaultCacheBehavior:
        association = CloudfrontDistributionDefaultCacheBehaviorLambdaFunctionAssociation
        return CloudfrontDistributionDefaultCacheBehavior(
            target_origin_id=API,
            viewer_protocol_policy="redirect-to-https",
            allowed_methods=[*READS, *WRITES],
            cached_methods=["GET", "HEAD"],
            cache_policy_id=self._policies.api_cache,
            origin_request_policy_id=self._policies.api_request,
            response_headers_policy_id=self._policies.response_headers,
            # Without caching CloudFront passes the API's own encoding through.
            compress=True,
            lambda_function_association=[
                association(
                    event_type=EVENT, lambda_arn=self._function.qualified_arn, include_body=False
                )
            ],
        )

    def _build_catalog_behavior(self) -> CloudfrontDistributionOrderedCacheBehavior:
        association = CloudfrontDistributionOrderedCacheBehaviorLambdaFunctionAssociation
        return CloudfrontDistributionOrderedCacheBehavior(
            path_pattern=CATALOG_PATH,
            target_origin_id=CATALOG,
            viewer_protocol_policy="redirect-to-https",
            allowed_methods=list(READS),
            cached_methods=["GET", "HEAD"],
            cache_policy_id=self._policies.catalog_cache,
            response_headers_policy_id=self._policies.response_headers,
            compress=True,
            lambda_function_association=[
                association(
                    event_type=EVENT, lambda_arn=self._function.qualified_arn, include_body=False
                )
            ],
        )


def _viewer_certificate(domain: Domain | None) -> CloudfrontDistributionViewerCertificate:
    if domain is None:
        return CloudfrontDistributionViewerCertificate(cloudfront_default_certificate=True)
    return CloudfrontDistributionViewerCertificate(
        acm_certificate_arn=domain.certificate_arn,
        ssl_support_method="sni-only",
        minimum_protocol_version=MINIMUM_VIEWER_TLS,
    )
