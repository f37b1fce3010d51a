"""A web application firewall in front of CloudFront or of the API."""

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.cloudwatch_log_resource_policy import CloudwatchLogResourcePolicy
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.wafv2_web_acl import (
    Wafv2WebAcl,
    Wafv2WebAclDefaultAction,
    Wafv2WebAclDefaultActionAllow,
    Wafv2WebAclVisibilityConfig,
)
from cdktf_cdktf_provider_aws.wafv2_web_acl_association import Wafv2WebAclAssociation
from cdktf_cdktf_provider_aws.wafv2_web_acl_logging_configuration import (
    Wafv2WebAclLoggingConfiguration,
    Wafv2WebAclLoggingConfigurationLoggingFilter,
    Wafv2WebAclLoggingConfigurationLoggingFilterFilter,
    Wafv2WebAclLoggingConfigurationLoggingFilterFilterCondition,
    Wafv2WebAclLoggingConfigurationLoggingFilterFilterConditionActionCondition,
    Wafv2WebAclLoggingConfigurationRedactedFields,
    Wafv2WebAclLoggingConfigurationRedactedFieldsSingleHeader,
)
from constructs import Construct

from modules.settings import FirewallSettings
from modules.shared.account import Account
from modules.shared.edge_region import require_edge_region
from modules.shared.firewall_rules import WebAclScope, build_firewall_rules
from modules.shared.iam import Statement, policy_document
from modules.shared.service_principals import LOG_DELIVERY

LOG_GROUP_PREFIX = "aws-waf-logs-"
"""WAF accepts no other (WAF Developer Guide, Sending web ACL traffic logs to CloudWatch Logs)."""

REDACTED_HEADERS = ("authorization", "cookie")
LOGGED_ACTIONS = ("BLOCK", "COUNT")


class WebAcl(Construct):
    """A web ACL with managed rules, rate limits and a log, for a distribution or an API's stage.

    Only refused and counted requests are logged: CloudFront and the API log every request already.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        provider: AwsProvider,
        name: str,
        protects: WebAclScope,
        account: Account,
        settings: FirewallSettings,
        log_key_arn: str | None,
        resource_arn: str | None = None,
    ) -> None:
        """Create the web ACL.

        Args:
            provider: Provider of us-east-1 for CloudFront, of the resource's region otherwise.
            name: Name of the web ACL and of its metrics; the log group's name ends with it.
            protects: CLOUDFRONT, or REGIONAL for resources of one region.
            log_key_arn: Key of the log group, in the provider's region; None for CloudWatch's own.
            resource_arn: A stage or load balancer to protect. A distribution names its web ACL
                itself.

        Raises:
            ValueError: `protects` is CLOUDFRONT and the provider is not of us-east-1.
        """
        super().__init__(scope, id_)
        if protects == "CLOUDFRONT":
            require_edge_region(provider)
        self._provider = provider
        self._account = account
        acl = Wafv2WebAcl(
            self,
            "acl",
            provider=provider,
            name=name,
            description="What is refused before it is answered",
            scope=protects,
            default_action=Wafv2WebAclDefaultAction(allow=Wafv2WebAclDefaultActionAllow()),
            rule=build_firewall_rules(
                scope=protects,
                rate_limit=settings.requests_per_five_minutes,
                counted=settings.counted_rules,
            ),
            visibility_config=Wafv2WebAclVisibilityConfig(
                cloudwatch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
            ),
            tags={"Name": name},
        )
        self.arn = acl.arn
        # The metrics' dimension `WebACL`.
        self.metric_name = acl.name
        self.log_group = CloudwatchLogGroup(
            self,
            "log-group",
            provider=provider,
            name=f"{LOG_GROUP_PREFIX}{name}",
            retention_in_days=settings.log_retention_days,
            kms_key_id=log_key_arn,
        )
        self._log(name)
        if resource_arn is not None:
            Wafv2WebAclAssociation(
                self,
                "association",
                provider=provider,
                resource_arn=resource_arn,
                web_acl_arn=self.arn,
            )

    def _log(self, name: str) -> None:
        account = self._account
        # Without it, WAF would create a shared policy outside Terraform, which outlives the
        # platform. An account may have ten policies in a region (CloudWatch Logs quotas).
        permission = CloudwatchLogResourcePolicy(
            self,
            "log-permission",
            provider=self._provider,
            policy_name=f"{LOG_GROUP_PREFIX}{name}",
            policy_document=policy_document(
                Statement(
                    sid="WebAclLogs",
                    services=[LOG_DELIVERY],
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[f"{self.log_group.arn}:*"],
                    conditions={
                        "StringEquals": {"aws:SourceAccount": account.number},
                        "ArnLike": {
                            "aws:SourceArn": f"arn:{account.partition}:logs:"
                            f"{self._provider.region_input}:{account.number}:*"
                        },
                    },
                )
            ),
        )
        action = Wafv2WebAclLoggingConfigurationLoggingFilterFilterConditionActionCondition
        header = Wafv2WebAclLoggingConfigurationRedactedFieldsSingleHeader
        Wafv2WebAclLoggingConfiguration(
            self,
            "logging",
            provider=self._provider,
            resource_arn=self.arn,
            log_destination_configs=[self.log_group.arn],
            redacted_fields=[
                Wafv2WebAclLoggingConfigurationRedactedFields(single_header=header(name=redacted))
                for redacted in REDACTED_HEADERS
            ],
            logging_filter=Wafv2WebAclLoggingConfigurationLoggingFilter(
                default_behavior="DROP",
                filter=[
                    Wafv2WebAclLoggingConfigurationLoggingFilterFilter(
                        behavior="KEEP",
                        requirement="MEETS_ANY",
                        condition=[
                            Wafv2WebAclLoggingConfigurationLoggingFilterFilterCondition(
                                action_condition=action(action=logged)
                            )
                            for logged in LOGGED_ACTIONS
                        ],
                    )
                ],
            ),
            depends_on=[permission],
        )
