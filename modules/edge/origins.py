"""The origins that answer CloudFront's requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cdktf import ITerraformDependable, Postcondition, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.cloudfront_distribution import (
    CloudfrontDistributionOrigin,
    CloudfrontDistributionOriginCustomOriginConfig,
    CloudfrontDistributionOriginGroup,
    CloudfrontDistributionOriginGroupFailoverCriteria,
    CloudfrontDistributionOriginGroupMember,
    CloudfrontDistributionOriginVpcOriginConfig,
)
from cdktf_cdktf_provider_aws.cloudfront_vpc_origin import (
    CloudfrontVpcOrigin,
    CloudfrontVpcOriginTimeouts,
    CloudfrontVpcOriginVpcOriginEndpointConfig,
    CloudfrontVpcOriginVpcOriginEndpointConfigOriginSslProtocols,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from modules.shared.addresses import HTTP_PORT, HTTPS_PORT
from modules.shared.random_suffix import RandomSuffix

API = "api"
LOAD_BALANCER = "load-balancer"
CATALOG = "catalog"

TLS = "TLSv1.2"

READ_TIMEOUT_SECONDS = 30
"""The API answers within 29 s or not at all (API Gateway quotas)."""

KEEPALIVE_SECONDS = 60
"""Longest time without a quota increase (CloudFront Developer Guide, Quotas)."""

VPC_ORIGIN_TIMEOUT = "45m"

CONNECTION_ATTEMPTS = 2
CONNECTION_TIMEOUT_SECONDS = 3
"""Two attempts fail over after 6 s; the default is 30 s (CloudFront Developer Guide, Optimize high
availability with CloudFront origin failover)."""

FAILOVER_STATUS = (502, 504)
"""Statuses of a load balancer without an answer. The function itself answers 500 and 503, and would
answer the same through the API."""


@dataclass(frozen=True, kw_only=True)
class ApiOrigin:
    """A stage of the regional REST API."""

    domain_name: str
    """Host name of the API, `{api-id}.execute-api.{region}.amazonaws.com`."""

    stage_name: str


@dataclass(frozen=True, kw_only=True)
class LoadBalancerOrigin:
    """An internal Application Load Balancer, reached through a VPC origin."""

    arn: str

    domain_name: str
    """Host name of CloudFront's requests. With https the load balancer's certificate must cover it.
    Public DNS need not know it (CloudFront Developer Guide, Restrict access with VPC origins)."""

    protocol: Literal["http", "https"]

    listener: Sequence[ITerraformDependable] = ()
    """What this stack creates of the listener; it exists as long as CloudFront connects to it."""


class Origins(Construct):
    """The REST API, the load balancer, and an origin group of both for the catalogue.

    The group asks the load balancer first and, if that cannot answer, the API: both run the same
    function. CloudFront fails over for GET, HEAD and OPTIONS only.
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
    ) -> None:
        super().__init__(scope, id_)
        self.vpc_origin = self._build_vpc_origin(provider, name, load_balancer)
        self.origins = [
            CloudfrontDistributionOrigin(
                origin_id=API,
                domain_name=api.domain_name,
                origin_path=f"/{api.stage_name}",
                connection_attempts=CONNECTION_ATTEMPTS,
                connection_timeout=CONNECTION_TIMEOUT_SECONDS,
                custom_origin_config=CloudfrontDistributionOriginCustomOriginConfig(
                    http_port=HTTP_PORT,
                    https_port=HTTPS_PORT,
                    origin_protocol_policy="https-only",
                    origin_ssl_protocols=[TLS],
                    origin_read_timeout=READ_TIMEOUT_SECONDS,
                    origin_keepalive_timeout=KEEPALIVE_SECONDS,
                ),
            ),
            CloudfrontDistributionOrigin(
                origin_id=LOAD_BALANCER,
                domain_name=load_balancer.domain_name,
                connection_attempts=CONNECTION_ATTEMPTS,
                connection_timeout=CONNECTION_TIMEOUT_SECONDS,
                vpc_origin_config=CloudfrontDistributionOriginVpcOriginConfig(
                    vpc_origin_id=self.vpc_origin.id,
                    origin_read_timeout=READ_TIMEOUT_SECONDS,
                    origin_keepalive_timeout=KEEPALIVE_SECONDS,
                ),
            ),
        ]
        self.group = CloudfrontDistributionOriginGroup(
            origin_id=CATALOG,
            failover_criteria=CloudfrontDistributionOriginGroupFailoverCriteria(
                status_codes=list(FAILOVER_STATUS)
            ),
            member=[
                CloudfrontDistributionOriginGroupMember(origin_id=origin)
                for origin in (LOAD_BALANCER, API)
            ],
        )

    def _build_vpc_origin(
        self, provider: AwsProvider, name: str, load_balancer: LoadBalancerOrigin
    ) -> CloudfrontVpcOrigin:
        """Build the VPC origin, which is replaced instead of changed.

        AWS refuses to change a VPC origin that a distribution uses
        (hashicorp/terraform-provider-aws issue 40905). So Terraform ignores changes, except that a
        new suffix makes it create another VPC origin, move the distribution to it and delete the
        first. VPC origins of version 0.1.0 have no suffix and keep their name until then.
        """
        policy = f"{load_balancer.protocol}-only"
        suffix = RandomSuffix(
            self,
            "vpc-origin-suffix",
            replaced_with={"arn": load_balancer.arn, "protocol": policy, "tls": TLS},
        )
        ssl = CloudfrontVpcOriginVpcOriginEndpointConfigOriginSslProtocols
        return CloudfrontVpcOrigin(
            self,
            "vpc-origin",
            provider=provider,
            vpc_origin_endpoint_config=[
                CloudfrontVpcOriginVpcOriginEndpointConfig(
                    name=f"{name}-load-balancer-{suffix.value}",
                    arn=load_balancer.arn,
                    http_port=HTTP_PORT,
                    https_port=HTTPS_PORT,
                    origin_protocol_policy=policy,
                    origin_ssl_protocols=[ssl(items=[TLS], quantity=1)],
                )
            ],
            tags={"Name": f"{name}-load-balancer"},
            # AWS takes longer than the provider's own 15 minutes.
            timeouts=CloudfrontVpcOriginTimeouts(
                create=VPC_ORIGIN_TIMEOUT, update=VPC_ORIGIN_TIMEOUT, delete=VPC_ORIGIN_TIMEOUT
            ),
            depends_on=list(load_balancer.listener) or None,
            lifecycle=TerraformResourceLifecycle(
                create_before_destroy=True,
                ignore_changes=["vpc_origin_endpoint_config"],
                replace_triggered_by=[suffix.address],
                postcondition=[
                    Postcondition(
                        condition="${self.vpc_origin_endpoint_config[0].origin_protocol_policy == "
                        f'"{policy}"}}',
                        error_message="The VPC origin of version 0.1.0 has another protocol. "
                        "Deploy this version with the old `domain` first, then change `domain`.",
                    )
                ],
            ),
        )
