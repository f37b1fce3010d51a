"""The alarms of an environment, in both regions, and the one that sums them up."""

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
    """What the alarms of both regions share."""

    name: str
    """Start of every name: the environment's prefix."""

    runbook_url: str
    """Address of `docs/runbook.md`, without an anchor."""

    emails: Sequence[str] = ()
    """Addresses that are told; each has to confirm its subscription in each region."""


class HomeAlarms(Construct):
    """The home region's alarms, their topic, and the composite `platform-unhealthy` over them."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        account: Account,
        alarms: Sequence[Alarm],
        options: AlarmOptions,
        key_settings: KeySettings,
    ) -> None:
        super().__init__(scope, id_)
        name = options.name
        self.topic = AlarmTopic(
            self,
            "topic",
            name=f"{name}-alarms",
            alarm_prefix=name,
            account=account,
            key_settings=key_settings,
            emails=options.emails,
        )
        self.alarms = [
            alarm.build(self, name=name, runbook_url=options.runbook_url, topic_arn=self.topic.arn)
            for alarm in alarms
        ]
        self.composite = CloudwatchCompositeAlarm(
            self,
            PLATFORM_UNHEALTHY,
            alarm_name=f"{name}-{PLATFORM_UNHEALTHY}",
            alarm_description=(
                "At least one alarm of the home region is on. "
                f"Runbook: {options.runbook_url}#{PLATFORM_UNHEALTHY}"
            ),
            alarm_rule=" OR ".join(f'ALARM("{alarm.alarm_name}")' for alarm in self.alarms),
            alarm_actions=[self.topic.arn],
            ok_actions=[self.topic.arn],
            tags={"Name": f"{name}-{PLATFORM_UNHEALTHY}"},
        )


class EdgeAlarms(Construct):
    """CloudFront's alarms and their topic, in us-east-1 where AWS publishes its metrics."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        account: Account,
        alarms: Sequence[Alarm],
        options: AlarmOptions,
        key_settings: KeySettings,
        provider: TerraformProvider,
    ) -> None:
        """Create the alarms.

        Args:
            scope: parent construct.
            id_: construct id.
            account: the account as seen from us-east-1.
            alarms: what to watch.
            options: names, runbook and addresses.
            key_settings: rotation and deletion window of the topic's key.
            provider: the aliased provider of us-east-1.
        """
        super().__init__(scope, id_)
        name = options.name
        self.topic = AlarmTopic(
            self,
            "topic",
            # Where home is us-east-1 too, the home region's topic stands beside this one.
            name=f"{name}-edge-alarms",
            alarm_prefix=name,
            account=account,
            key_settings=key_settings,
            emails=options.emails,
            provider=provider,
        )
        self.alarms = [
            alarm.build(
                self,
                name=name,
                runbook_url=options.runbook_url,
                topic_arn=self.topic.arn,
                provider=provider,
            )
            for alarm in alarms
        ]
