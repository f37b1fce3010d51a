"""What version 0.1.0 had on the alias: the scaling of its provisioned concurrency."""

from collections.abc import Iterator

from cdktf import TerraformElement, TerraformStack
from constructs import Construct

from modules.settings import FunctionSettings


def list_alias_scaling(stack: TerraformStack, *, settings: FunctionSettings) -> Iterator[str]:
    """Yield the addresses of the policy and the schedules of the alias's scalable target.

    An upgrade forgets them and destroys their target, with which AWS deletes them (Application Auto
    Scaling API Reference, DeregisterScalableTarget). Terraform would destroy them in parallel,
    which Application Auto Scaling refuses.
    """
    scope = Construct(stack, "provisioned-concurrency")
    policy = TerraformElement(scope, "policy")
    yield f"aws_appautoscaling_policy.{policy.friendly_unique_id}"
    provisioned = settings.provisioned_concurrency
    for schedule in provisioned.schedules if provisioned else ():
        action = TerraformElement(scope, f"schedule-{schedule.name}")
        yield f"aws_appautoscaling_scheduled_action.{action.friendly_unique_id}"
