"""Scalable targets: their tags, and what Application Auto Scaling refuses."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import cast

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_application_autoscaling import ApplicationAutoScalingClient

from local_aws import control
from tests.local_aws.deployed_functions import DeployedFunctions

pytestmark = pytest.mark.local_aws

DIMENSION = "lambda:function:ProvisionedConcurrency"


@dataclass(frozen=True, kw_only=True)
class Target:
    """The provisioned concurrency of a function's version, as a scalable target."""

    client: ApplicationAutoScalingClient
    resource_id: str

    def register(self) -> str:
        """Register the target; return its ARN."""
        return self.client.register_scalable_target(
            ServiceNamespace="lambda",
            ResourceId=self.resource_id,
            ScalableDimension=DIMENSION,
            MinCapacity=1,
            MaxCapacity=4,
            Tags={"Owner": "me", "Project": "shop"},
        )["ScalableTargetARN"]

    def deregister(self) -> None:
        """Deregister the target."""
        self.client.deregister_scalable_target(
            ServiceNamespace="lambda", ResourceId=self.resource_id, ScalableDimension=DIMENSION
        )

    def schedule(self, name: str) -> None:
        """Put a scheduled action on the target."""
        self.client.put_scheduled_action(
            ServiceNamespace="lambda",
            ResourceId=self.resource_id,
            ScalableDimension=DIMENSION,
            ScheduledActionName=name,
            Schedule="rate(1 day)",
            ScalableTargetAction={"MinCapacity": 1, "MaxCapacity": 2},
        )

    def actions(self) -> list[str]:
        """Return the names of the target's scheduled actions."""
        found = self.client.describe_scheduled_actions(
            ServiceNamespace="lambda", ResourceId=self.resource_id
        )["ScheduledActions"]
        return [action["ScheduledActionName"] for action in found]


@pytest.fixture
def target(shared_server: control.Server, scaling: ApplicationAutoScalingClient) -> Target:
    deployed = DeployedFunctions(server=shared_server)
    name = deployed.deploy("exports.handler = async () => {};")
    deployed.functions.put_provisioned_concurrency_config(
        FunctionName=name, Qualifier="1", ProvisionedConcurrentExecutions=1
    )
    return Target(client=scaling, resource_id=f"function:{name}:1")


def test_a_target_keeps_its_tags_until_it_is_deregistered(target: Target) -> None:
    arn, scaling = target.register(), target.client

    scaling.tag_resource(ResourceARN=arn, Tags={"Owner": "you"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["Project"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Owner": "you"}

    target.deregister()
    with pytest.raises(scaling.exceptions.ResourceNotFoundException):
        scaling.list_tags_for_resource(ResourceARN=arn)


def test_a_target_of_another_region_is_not_found(
    target: Target, connect: Callable[..., object]
) -> None:
    arn = target.register()
    elsewhere = cast(
        "ApplicationAutoScalingClient", connect("application-autoscaling", region="us-east-1")
    )
    with pytest.raises(elsewhere.exceptions.ResourceNotFoundException):
        elsewhere.list_tags_for_resource(ResourceARN=arn)


@pytest.mark.parametrize("resource_id", ["function:absent:1", "{}:live", "{}:$LATEST"])
def test_a_target_needs_provisioned_concurrency(target: Target, resource_id: str) -> None:
    function = target.resource_id.removesuffix(":1")
    other = replace(target, resource_id=resource_id.format(function))
    with pytest.raises(ClientError, match="ValidationException"):
        other.register()


def test_a_deregistered_target_takes_its_scheduled_actions_along(target: Target) -> None:
    target.register()
    target.schedule("night")
    assert target.actions() == ["night"]
    target.deregister()
    assert target.actions() == []


def test_overlapping_changes_of_one_target_are_refused(target: Target) -> None:
    target.register()
    with ThreadPoolExecutor() as threads:
        both = [threads.submit(target.schedule, name) for name in ("night", "day")]
    (refused,) = [error for future in both if (error := future.exception())]
    assert "ConcurrentUpdateException" in str(refused)
    assert "You already have a pending update to an Auto Scaling resource." in str(refused)
    assert len(target.actions()) == 1
    target.schedule("evening")
