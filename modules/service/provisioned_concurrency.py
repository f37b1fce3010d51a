"""Execution environments kept ready on a version, and their scaling."""

from collections.abc import Sequence

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicy,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
)
from cdktf_cdktf_provider_aws.appautoscaling_scheduled_action import (
    AppautoscalingScheduledAction,
    AppautoscalingScheduledActionScalableTargetAction,
)
from cdktf_cdktf_provider_aws.appautoscaling_target import AppautoscalingTarget
from cdktf_cdktf_provider_aws.lambda_provisioned_concurrency_config import (
    LambdaProvisionedConcurrencyConfig,
)
from constructs import Construct

from modules.settings import ProvisionedConcurrencySettings
from modules.settings.service import ScheduleSettings

DIMENSION = "lambda:function:ProvisionedConcurrency"
METRIC = "LambdaProvisionedConcurrencyUtilization"
NAMESPACE = "lambda"


class ProvisionedConcurrency(Construct):
    """Provisioned concurrency, the scalable target on it, its policy and its schedules.

    They are created in that order, all or none: a target without provisioned concurrency scales
    nothing (Lambda Developer Guide, Managing provisioned concurrency with Application Auto
    Scaling). Each waits for the one before, because Application Auto Scaling refuses overlapping
    changes of one target.

    They belong to a version. A release creates those of the new version before it destroys those
    of the old one, so the alias moves between two versions that are both ready.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        function_name: str,
        version: str,
        depends_on: Sequence[ITerraformDependable],
        settings: ProvisionedConcurrencySettings,
    ) -> None:
        """Create them.

        Args:
            version: Number of the published version.
            depends_on: What must be done before environments of the version start.
        """
        super().__init__(scope, id_)
        self._function_name = function_name
        provisioned = LambdaProvisionedConcurrencyConfig(
            self,
            "config",
            function_name=function_name,
            qualifier=version,
            provisioned_concurrent_executions=settings.min_capacity,
            depends_on=depends_on,
            lifecycle=TerraformResourceLifecycle(
                create_before_destroy=True,
                # Scaling changes the number; Terraform must not change it back.
                ignore_changes=["provisioned_concurrent_executions"],
            ),
        )
        self._target = AppautoscalingTarget(
            self,
            "target",
            service_namespace=NAMESPACE,
            resource_id=f"function:{function_name}:{version}",
            scalable_dimension=DIMENSION,
            min_capacity=settings.min_capacity,
            max_capacity=settings.max_capacity,
            depends_on=[provisioned],
            lifecycle=TerraformResourceLifecycle(
                create_before_destroy=True,
                # Scheduled actions change the bounds; Terraform must not change them back.
                ignore_changes=["min_capacity", "max_capacity"] if settings.schedules else None,
            ),
        )
        self.last: ITerraformDependable = self._build_policy(settings.target_utilization)
        """What is created last; the version is ready and scales when it exists."""

        for schedule in settings.schedules:
            self.last = self._build_schedule(schedule, after=self.last)

    def _build_policy(self, target_utilization: float) -> AppautoscalingPolicy:
        metric = AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification  # noqa: E501
        return AppautoscalingPolicy(
            self,
            "policy",
            name=f"{self._function_name}-utilization",
            policy_type="TargetTrackingScaling",
            service_namespace=self._target.service_namespace,
            resource_id=self._target.resource_id,
            scalable_dimension=self._target.scalable_dimension,
            target_tracking_scaling_policy_configuration=(
                AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
                    target_value=target_utilization,
                    predefined_metric_specification=metric(predefined_metric_type=METRIC),
                )
            ),
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )

    def _build_schedule(
        self, schedule: ScheduleSettings, *, after: ITerraformDependable
    ) -> AppautoscalingScheduledAction:
        return AppautoscalingScheduledAction(
            self,
            f"schedule-{schedule.name}",
            name=f"{self._function_name}-{schedule.name}",
            service_namespace=self._target.service_namespace,
            resource_id=self._target.resource_id,
            scalable_dimension=self._target.scalable_dimension,
            schedule=schedule.schedule,
            timezone=schedule.timezone,
            scalable_target_action=AppautoscalingScheduledActionScalableTargetAction(
                min_capacity=str(schedule.min_capacity),
                max_capacity=str(schedule.max_capacity),
            ),
            depends_on=[after],
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
