"""The schedule on which the API's database credential changes."""

import json

from cdktf_cdktf_provider_aws.scheduler_schedule import (
    SchedulerSchedule,
    SchedulerScheduleFlexibleTimeWindow,
    SchedulerScheduleTarget,
    SchedulerScheduleTargetRetryPolicy,
)
from constructs import Construct

from modules.service.administration_function import AdministrationFunction
from modules.shared.account import Account
from modules.shared.iam import ServiceRole, Statement

RETRIES = 5
RETRY_SECONDS = 3_600


class CredentialRotation(Construct):
    """A schedule that invokes the administration function's rotation when created, then regularly.

    Two database users take turns, so a rotation interrupts nothing (Secrets Manager User Guide,
    Lambda function rotation strategies: alternating users). The retries here are those of starting
    an invocation. Lambda retries a failed invocation twice; then an alarm goes off.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        administration: AdministrationFunction,
        days: int,
    ) -> None:
        super().__init__(scope, id_)
        name = f"{name}-rotation"
        role = ServiceRole(
            self,
            "role",
            name=name,
            services=["scheduler.amazonaws.com"],
            description="Starts the rotation of the database credential",
            source_account=account.number,
            statements=[
                Statement(
                    sid="Invoke",
                    actions=["lambda:InvokeFunction"],
                    resources=[administration.arn],
                )
            ],
        )
        SchedulerSchedule(
            self,
            "schedule",
            name=name,
            description="Gives the API another database user and password",
            schedule_expression=f"rate({days} {'day' if days == 1 else 'days'})",
            flexible_time_window=SchedulerScheduleFlexibleTimeWindow(mode="OFF"),
            target=SchedulerScheduleTarget(
                arn=administration.arn,
                role_arn=role.arn,
                input=json.dumps({"action": "rotate"}),
                retry_policy=SchedulerScheduleTargetRetryPolicy(
                    maximum_retry_attempts=RETRIES, maximum_event_age_in_seconds=RETRY_SECONDS
                ),
            ),
            # A rate starts at once, and there is nothing to rotate before the first migration.
            depends_on=[*role.grants, administration.migration],
        )
