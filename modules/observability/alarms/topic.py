"""Where alarms of one region are sent to."""

from collections.abc import Sequence

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from modules.settings import KeySettings
from modules.shared.account import Account
from modules.shared.encryption_key import EncryptionKey
from modules.shared.iam import Conditions, Statement, policy_document

CLOUDWATCH = "cloudwatch.amazonaws.com"


class AlarmTopic(Construct):
    """An SNS topic under a key of its own that takes messages of one environment's alarms alone.

    Alarms reach a topic of their own region only, so each region has its topic and its key. Without
    the key's statement for CloudWatch every alarm would go off in silence. Sources: SNS Developer
    Guide, Enable compatibility between event sources from AWS services and encrypted topics, and
    Example cases for Amazon SNS access control.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        alarm_prefix: str,
        account: Account,
        key_settings: KeySettings,
        emails: Sequence[str] = (),
        provider: TerraformProvider | None = None,
    ) -> None:
        """Create the topic.

        Args:
            scope: parent construct.
            id_: construct id.
            name: name of the topic, at most 256 characters (SNS API Reference, CreateTopic).
            alarm_prefix: start of the names of the alarms that may use it.
            account: account and region of the topic.
            key_settings: rotation and deletion window of its key.
            emails: addresses that are asked to subscribe; each has to confirm.
            provider: provider of the account's region, None for the stack's own.
        """
        super().__init__(scope, id_)
        own_alarms: Conditions = {
            "StringEquals": {"aws:SourceAccount": account.number},
            "ArnLike": {"aws:SourceArn": account.arn("cloudwatch", f"alarm:{alarm_prefix}-*")},
        }
        key = EncryptionKey(
            self,
            "key",
            name=name,
            description="Messages of alarms",
            account=account,
            settings=key_settings,
            statements=[
                Statement(
                    sid="EncryptAlarms",
                    actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                    resources=["*"],
                    services=[CLOUDWATCH],
                    # The topic's policy says which alarms; AWS documents no more than this here.
                    conditions={"StringEquals": {"aws:SourceAccount": account.number}},
                )
            ],
            provider=provider,
        )
        topic = SnsTopic(
            self,
            "topic",
            provider=provider,
            name=name,
            kms_master_key_id=key.arn,
            tags={"Name": name},
        )
        self.arn = topic.arn
        SnsTopicPolicy(
            self,
            "policy",
            provider=provider,
            arn=topic.arn,
            policy=policy_document(
                Statement(
                    sid="PublishAlarms",
                    actions=["sns:Publish"],
                    resources=[topic.arn],
                    services=[CLOUDWATCH],
                    conditions=own_alarms,
                )
            ),
        )
        for email in emails:
            SnsTopicSubscription(
                self,
                f"email-{email}",
                provider=provider,
                topic_arn=topic.arn,
                protocol="email",
                endpoint=email,
            )
