"""The edge stack: what is between the public and the platform. It is slow to change."""

from constructs import Construct

from modules.edge.distribution import Distribution, Domain
from modules.edge.distribution_logs import DistributionLogs
from modules.edge.distribution_metrics import DistributionMetrics
from modules.edge.edge_function import EdgeFunction
from modules.edge.https_listener import HttpsListener
from modules.edge.origin_access import OriginAccess
from modules.edge.origins import ApiOrigin, LoadBalancerOrigin
from modules.edge.policies import CacheLifetime
from modules.foundation.log_archive import CDN_PREFIX
from modules.release import Release
from modules.settings import Settings
from modules.settings.edge import EDGE_REGION
from modules.shared.account import Account
from modules.shared.encryption_key import EncryptionKey, allow_log_groups
from modules.shared.web_acl import WebAcl
from modules.stacks.base import BaseStack, Outputs
from modules.stacks.foundation import Foundation
from modules.stacks.service import Service


class Edge(BaseStack):
    """CloudFront, its firewall, function and logs, through the one provider of us-east-1."""

    def __init__(
        self,
        scope: Construct,
        *,
        settings: Settings,
        foundation: Foundation,
        service: Service,
        release: Release,
    ) -> None:
        super().__init__(scope, settings=settings, part="edge")
        name = settings.prefix
        provider = self.provider_of(EDGE_REGION)
        account = Account(self, "edge-account", region=EDGE_REGION)
        log_key = EncryptionKey(
            self,
            "log-key",
            provider=provider,
            name=f"{name}-edge-logs",
            description="Log groups of the edge",
            account=account,
            settings=settings.keys,
            statements=[allow_log_groups(account=account)],
        )
        self.function = EdgeFunction(
            self,
            "function",
            provider=provider,
            log_providers={
                region: self.provider_of(region)
                for region in settings.edge.log_regions
                if region != EDGE_REGION
            },
            name=name,
            package=release.edge_package,
            log_retention_days=settings.edge.function_log_retention_days,
            log_key_arns={settings.region: foundation.log_key.arn, EDGE_REGION: log_key.arn},
            keep_at_destroy=settings.local_aws is None,
        )
        self.web_acl = WebAcl(
            self,
            "firewall",
            provider=provider,
            name=f"{name}-edge",
            protects="CLOUDFRONT",
            account=account,
            settings=settings.firewall,
            log_key_arn=log_key.arn,
        )
        self.distribution = self._build_distribution(service)
        DistributionLogs(
            self,
            "logs",
            provider=provider,
            name=name,
            distribution_arn=self.distribution.arn,
            bucket_arn=foundation.log_archive.bucket_arn,
            prefix=CDN_PREFIX,
        )
        if settings.edge.additional_metrics:
            DistributionMetrics(
                self, "metrics", provider=provider, distribution_id=self.distribution.id
            )
        OriginAccess(
            self,
            "origin-access",
            vpc_id=foundation.network.vpc_id,
            vpc_origin=self.distribution.vpc_origin,
            security_group_id=service.load_balancer.security_group_id,
        )
        self.export(self._outputs())

    def _build_distribution(self, service: Service) -> Distribution:
        settings, domain = self.settings, self.settings.domain
        listener = (
            HttpsListener(
                self,
                "https-listener",
                load_balancer=service.load_balancer,
                certificate_arn=domain.origin_certificate_arn,
            )
            if domain
            else None
        )
        api_host = f"{service.api.id}.execute-api.{settings.region}.amazonaws.com"
        return Distribution(
            self,
            "distribution",
            provider=self.provider_of(EDGE_REGION),
            name=settings.prefix,
            api=ApiOrigin(domain_name=api_host, stage_name=service.api.stage_name),
            load_balancer=LoadBalancerOrigin(
                arn=service.load_balancer.arn,
                domain_name=domain.origin_host if domain else service.load_balancer.dns_name,
                protocol="https" if domain else "http",
                listener=listener.parts if listener else (),
            ),
            function=self.function,
            web_acl=self.web_acl,
            catalog_lifetime=CacheLifetime(
                default_seconds=settings.edge.catalog_default_seconds,
                max_seconds=settings.edge.catalog_max_seconds,
            ),
            price_class=settings.edge.price_class,
            domain=(
                Domain(aliases=domain.aliases, certificate_arn=domain.certificate_arn)
                if domain
                else None
            ),
        )

    def _outputs(self) -> Outputs:
        distribution, function = self.distribution, self.function
        return {
            "distribution_id": (distribution.id, "Id of the distribution"),
            "distribution_arn": (distribution.arn, "ARN of the distribution"),
            "distribution_url": (
                f"https://{distribution.domain_name}",
                "Address of the platform, as CloudFront names it",
            ),
            "distribution_hosted_zone_id": (
                distribution.hosted_zone_id,
                "Hosted zone for alias records that point at the distribution",
            ),
            "edge_function_name": (function.name, "Name of the edge function"),
            "edge_function_arn": (
                function.qualified_arn,
                "ARN of the edge function's version in use",
            ),
            "edge_function_log_groups": (
                {region: group.name for region, group in function.log_groups.items()},
                "The edge function's log groups, by region",
            ),
            "edge_web_acl_arn": (self.web_acl.arn, "ARN of CloudFront's web ACL"),
            "edge_web_acl_log_group": (
                self.web_acl.log_group.name,
                "Log group of CloudFront's web ACL, in us-east-1",
            ),
        }
