"""The internal load balancer that serves the cacheable catalogue reads."""

from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from cdktf_cdktf_provider_aws.lb import Lb, LbAccessLogs
from cdktf_cdktf_provider_aws.lb_target_group import LbTargetGroup, LbTargetGroupHealthCheck
from cdktf_cdktf_provider_aws.lb_target_group_attachment import LbTargetGroupAttachment
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from constructs import Construct

from modules.foundation.log_archive import LOAD_BALANCER_PREFIX
from modules.foundation.network import Network
from modules.service.api_function import ApiFunction
from modules.service.catalog_listener import build_catalog_listener
from modules.settings import LoadBalancerSettings
from modules.shared.security_group import KEPT_DESCRIPTION
from modules.shared.service_principals import LOAD_BALANCING

HEALTH_PATH = "/health"


class LoadBalancer(Construct):
    """An internal Application Load Balancer whose only target is the function's alias.

    Only CloudFront reaches it, through a VPC origin: its security group admits nothing until the
    edge stack adds rules for CloudFront's group. It answers only the catalogue's paths. Its own
    listener serves HTTP inside the VPC. With a domain, the edge stack adds a listener for HTTPS and
    removes it again: only that stack knows when CloudFront has stopped using a listener.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        network: Network,
        function: ApiFunction,
        log_bucket: str,
        settings: LoadBalancerSettings,
    ) -> None:
        super().__init__(scope, id_)
        self.name = f"{name}-alb"
        self._function = function
        group = SecurityGroup(
            self,
            "security-group",
            name=self.name,
            description="Load balancer",
            vpc_id=network.vpc_id,
            tags={"Name": self.name},
            lifecycle=KEPT_DESCRIPTION,
        )
        self.security_group_id = group.id
        self._balancer = Lb(
            self,
            "balancer",
            name=self.name,
            internal=True,
            load_balancer_type="application",
            subnets=network.private_subnet_ids,
            security_groups=[self.security_group_id],
            drop_invalid_header_fields=True,
            enable_deletion_protection=settings.deletion_protection,
            access_logs=LbAccessLogs(bucket=log_bucket, prefix=LOAD_BALANCER_PREFIX, enabled=True),
            tags={"Name": self.name},
        )
        self.arn = self._balancer.arn
        self.arn_suffix = self._balancer.arn_suffix
        self.dns_name = self._balancer.dns_name
        target_group = self._build_target_group()
        self.target_group_arn = target_group.arn
        self.target_group_arn_suffix = target_group.arn_suffix
        build_catalog_listener(
            self,
            name=self.name,
            load_balancer_arn=self.arn,
            target_group_arn=self.target_group_arn,
        )

    def _build_target_group(self) -> LbTargetGroup:
        target_group = LbTargetGroup(
            self,
            "target-group",
            name=self.name,
            target_type="lambda",
            # Otherwise repeated query parameters would be lost.
            lambda_multi_value_headers_enabled=True,
            health_check=LbTargetGroupHealthCheck(
                enabled=True, path=HEALTH_PATH, matcher="200", interval=60, timeout=10
            ),
            tags={"Name": self.name},
        )
        permission = LambdaPermission(
            self,
            "invoke-permission",
            statement_id="LoadBalancer",
            action="lambda:InvokeFunction",
            principal=LOAD_BALANCING,
            function_name=self._function.name,
            qualifier=self._function.alias_name,
            source_arn=target_group.arn,
        )
        LbTargetGroupAttachment(
            self,
            "attachment",
            target_group_arn=target_group.arn,
            target_id=self._function.alias_arn,
            # Registering invokes the function, which must be allowed by then.
            depends_on=[permission],
        )
        return target_group
