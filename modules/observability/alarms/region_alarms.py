"""The alarms of one region with their topic, and the composite alarm of the home region."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import CloudwatchCompositeAlarm
from constructs import Construct

from modules.observability.alarms.alarm import Alarm
from modules.observability.alarms.topic import AlarmTopic
from modules.settings import KeySettings
from modules.shared.account import Account

PLATFORM_UNHEALTHY = "platform-unhealthy"
"""End of the composite alarm's name, and the heading of its entry in the runbook."""


@dataclass(frozen=True, kw_only=True)
class AlarmOptions:
    """Options that the alarms of all regions share."""

    prefix: str
    """Start of all names: the environment's prefix."""

    runbook_url: str
    """Address of `docs/runbook.md`, without an anchor."""

    key_settings: KeySettings
    """Rotation and deletion window of the topics' keys."""

    emails: Sequence[str]
    """Addresses that are notified. Each has to confirm its subscription in each region."""


class RegionAlarms(Construct):
    """The alarms of one region, and the topic that they notify.

    Args:
        topic: End of the topic's name. It differs from region to region: both topics are in
            us-east-1 if that is the home region.
        account: The account, with the region.
        alarms: Definitions of the alarms.
        options: Options that all regions share.
        provider: Provider of the region, None for the stack's own.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        topic: str,
        account: Account,
        alarms: Sequence[Alarm],
        options: AlarmOptions,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.topic = AlarmTopic(
            self,
            "topic",
            name=f"{options.prefix}-{topic}",
            alarm_prefix=options.prefix,
            account=account,
            key_settings=options.key_settings,
            emails=options.emails,
            provider=provider,
        )
        self.alarms = [
            alarm.build(
                self,
                prefix=options.prefix,
                runbook_url=options.runbook_url,
                topic_arn=self.topic.arn,
                provider=provider,
            )
            for alarm in alarms
        ]


class HomeAlarms(RegionAlarms):
    """The alarms of the home region, and the composite alarm `platform-unhealthy` over them."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        account: Account,
        alarms: Sequence[Alarm],
        options: AlarmOptions,
    ) -> None:
        super().__init__(
            scope, id_, topic="alarms", account=account, alarms=alarms, options=options
        )
        name = f"{options.prefix}-{PLATFORM_UNHEALTHY}"
        self.composite = CloudwatchCompositeAlarm(
            self,
            PLATFORM_UNHEALTHY,
            alarm_name=name,
            alarm_description=(
                "At least one alarm of the home region is on. "
                f"Runbook: {options.runbook_url}#{PLATFORM_UNHEALTHY}"
            ),
            alarm_rule=" OR ".join(f'ALARM("{alarm.alarm_name}")' for alarm in self.alarms),
            alarm_actions=[self.topic.arn],
            ok_actions=[self.topic.arn],
            tags={"Name": name},
        )
