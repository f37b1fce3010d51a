"""Execution environments kept ready on the alias, and their scaling."""

from cdktf import TerraformResourceLifecycle
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

from modules.service.api_function import ApiFunction
from modules.settings import ProvisionedConcurrencySettings

DIMENSION = "lambda:function:ProvisionedConcurrency"
METRIC = "LambdaProvisionedConcurrencyUtilization"
NAMESPACE = "lambda"


class ProvisionedConcurrency(Construct):
    """Provisioned concurrency, the scalable target on it, its policy and its schedules.

    They are created in that order, all or none: a target without provisioned concurrency scales
    nothing (Lambda Developer Guide, Managing provisioned concurrency with Application Auto
    Scaling).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        function: ApiFunction,
        settings: ProvisionedConcurrencySettings,
    ) -> None:
        super().__init__(scope, id_)
        provisioned = LambdaProvisionedConcurrencyConfig(
            self,
            "config",
            function_name=function.name,
            qualifier=function.alias_name,
            provisioned_concurrent_executions=settings.min_capacity,
            # Scaling changes the number; Terraform must not change it back.
            lifecycle=TerraformResourceLifecycle(
                ignore_changes=["provisioned_concurrent_executions"]
            ),
        )
        target = AppautoscalingTarget(
            self,
            "target",
            service_namespace=NAMESPACE,
            resource_id=f"function:{function.name}:{function.alias_name}",
            scalable_dimension=DIMENSION,
            min_capacity=settings.min_capacity,
            max_capacity=settings.max_capacity,
            depends_on=[provisioned],
            # Scheduled actions change the bounds; Terraform must not change them back.
            lifecycle=(
                TerraformResourceLifecycle(ignore_changes=["min_capacity", "max_capacity"])
                if settings.schedules
                else None
            ),
        )
        metric = AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification  # noqa: E501
        AppautoscalingPolicy(
            self,
            "policy",
            name=f"{function.name}-utilization",
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            resource_id=target.resource_id,
            scalable_dimension=target.scalable_dimension,
            target_tracking_scaling_policy_configuration=(
                AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
                    target_value=settings.target_utilization,
                    predefined_metric_specification=metric(predefined_metric_type=METRIC),
                )
            ),
        )
        for schedule in settings.schedules:
            AppautoscalingScheduledAction(
                self,
                f"schedule-{schedule.name}",
                name=f"{function.name}-{schedule.name}",
                service_namespace=target.service_namespace,
                resource_id=target.resource_id,
                scalable_dimension=target.scalable_dimension,
                schedule=schedule.schedule,
                timezone=schedule.timezone,
                scalable_target_action=AppautoscalingScheduledActionScalableTargetAction(
                    min_capacity=str(schedule.min_capacity),
                    max_capacity=str(schedule.max_capacity),
                ),
            )
