"""The SNS topic that the alarms of one region notify."""

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
    """An SNS topic that accepts messages only from the alarms of one environment.

    An alarm can notify only a topic of its own region, so each region has its own topic and key.
    The key's policy must allow CloudWatch: otherwise no alarm would notify anyone.

    Sources: SNS Developer Guide, Enable compatibility between event sources from AWS services and
    encrypted topics, and Example cases for Amazon SNS access control.

    Args:
        name: Name of the topic, at most 256 characters (SNS API Reference, CreateTopic).
        alarm_prefix: Start of the names of the alarms that may use the topic.
        account: Account and region of the topic.
        key_settings: Rotation and deletion window of the topic's key.
        emails: Addresses to subscribe. SNS asks each to confirm.
        provider: Provider of the account's region, None for the stack's own.
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
        emails: Sequence[str],
        provider: TerraformProvider | None = None,
    ) -> None:
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
                    # The topic's policy limits which alarms may publish; AWS documents no narrower
                    # condition for the key.
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
