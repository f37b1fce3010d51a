"""The internal load balancer that serves the cacheable catalogue reads."""

from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from cdktf_cdktf_provider_aws.lb import Lb, LbAccessLogs
from cdktf_cdktf_provider_aws.lb_listener import (
    LbListener,
    LbListenerDefaultAction,
    LbListenerDefaultActionFixedResponse,
)
from cdktf_cdktf_provider_aws.lb_listener_rule import (
    LbListenerRule,
    LbListenerRuleAction,
    LbListenerRuleCondition,
    LbListenerRuleConditionPathPattern,
)
from cdktf_cdktf_provider_aws.lb_target_group import LbTargetGroup, LbTargetGroupHealthCheck
from cdktf_cdktf_provider_aws.lb_target_group_attachment import LbTargetGroupAttachment
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from constructs import Construct

from modules.foundation.log_archive import LOAD_BALANCER_PREFIX
from modules.foundation.network import Network
from modules.service.api_function import ApiFunction
from modules.settings import LoadBalancerSettings
from modules.shared.addresses import HTTP_PORT, HTTPS_PORT
from modules.shared.service_principals import LOAD_BALANCING

CATALOG_PATH = "/catalog/*"
"""Reads that CloudFront may cache; everything else goes to the REST API."""

HEALTH_PATH = "/health"
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
"""TLS 1.2 and 1.3 with forward secrecy (Elastic Load Balancing User Guide, Security policies)."""


class LoadBalancer(Construct):
    """An internal Application Load Balancer whose only target is the function's alias.

    Only CloudFront reaches it, through a VPC origin: its security group admits nothing until the
    edge stack adds a rule for CloudFront's group. It answers only the catalogue's paths. With a
    certificate it serves HTTPS, otherwise HTTP inside the VPC.
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
        certificate_arn: str | None,
    ) -> None:
        super().__init__(scope, id_)
        self._name = f"{name}-alb"
        self._function = function
        self._certificate_arn = certificate_arn
        self.port = HTTPS_PORT if certificate_arn else HTTP_PORT
        group = SecurityGroup(
            self,
            "security-group",
            name=self._name,
            description="Load balancer",
            vpc_id=network.vpc_id,
            tags={"Name": self._name},
        )
        self.security_group_id = group.id
        self._balancer = Lb(
            self,
            "balancer",
            name=self._name,
            internal=True,
            load_balancer_type="application",
            subnets=network.private_subnet_ids,
            security_groups=[self.security_group_id],
            drop_invalid_header_fields=True,
            enable_deletion_protection=settings.deletion_protection,
            access_logs=LbAccessLogs(bucket=log_bucket, prefix=LOAD_BALANCER_PREFIX, enabled=True),
            tags={"Name": self._name},
        )
        self.arn = self._balancer.arn
        self.arn_suffix = self._balancer.arn_suffix
        self.dns_name = self._balancer.dns_name
        target_group = self._build_target_group()
        self.target_group_arn_suffix = target_group.arn_suffix
        self._listen(target_group)

    def _build_target_group(self) -> LbTargetGroup:
        target_group = LbTargetGroup(
            self,
            "target-group",
            name=self._name,
            target_type="lambda",
            # Otherwise repeated query parameters would be lost.
            lambda_multi_value_headers_enabled=True,
            health_check=LbTargetGroupHealthCheck(
                enabled=True, path=HEALTH_PATH, matcher="200", interval=60, timeout=10
            ),
            tags={"Name": self._name},
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

    def _listen(self, target_group: LbTargetGroup) -> None:
        listener = LbListener(
            self,
            "listener",
            load_balancer_arn=self.arn,
            port=self.port,
            protocol="HTTPS" if self._certificate_arn else "HTTP",
            certificate_arn=self._certificate_arn,
            ssl_policy=TLS_POLICY if self._certificate_arn else None,
            default_action=[
                LbListenerDefaultAction(
                    type="fixed-response",
                    fixed_response=LbListenerDefaultActionFixedResponse(
                        content_type="application/json",
                        message_body='{"title":"Not Found","status":404}',
                        status_code="404",
                    ),
                )
            ],
            tags={"Name": self._name},
        )
        LbListenerRule(
            self,
            "catalogue",
            listener_arn=listener.arn,
            priority=10,
            condition=[
                LbListenerRuleCondition(
                    path_pattern=LbListenerRuleConditionPathPattern(values=[CATALOG_PATH])
                )
            ],
            action=[LbListenerRuleAction(type="forward", target_group_arn=target_group.arn)],
            tags={"Name": f"{self._name}-catalogue"},
        )
