"""Tags of scalable targets."""

from collections.abc import Callable
from typing import cast

import pytest
from mypy_boto3_application_autoscaling import ApplicationAutoScalingClient

pytestmark = pytest.mark.local_aws


def test_a_target_keeps_its_tags_until_it_is_deregistered(
    scaling: ApplicationAutoScalingClient,
) -> None:
    arn = scaling.register_scalable_target(
        ServiceNamespace="lambda",
        ResourceId="function:tagged:live",
        ScalableDimension="lambda:function:ProvisionedConcurrency",
        MinCapacity=1,
        MaxCapacity=4,
        Tags={"Owner": "me", "Project": "shop"},
    )["ScalableTargetARN"]

    scaling.tag_resource(ResourceARN=arn, Tags={"Owner": "you"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["Project"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Owner": "you"}

    scaling.deregister_scalable_target(
        ServiceNamespace="lambda",
        ResourceId="function:tagged:live",
        ScalableDimension="lambda:function:ProvisionedConcurrency",
    )
    with pytest.raises(scaling.exceptions.ResourceNotFoundException):
        scaling.list_tags_for_resource(ResourceARN=arn)


def test_a_target_of_another_region_is_not_found(
    scaling: ApplicationAutoScalingClient, connect: Callable[..., object]
) -> None:
    arn = scaling.register_scalable_target(
        ServiceNamespace="lambda",
        ResourceId="function:regional:live",
        ScalableDimension="lambda:function:ProvisionedConcurrency",
        MinCapacity=1,
        MaxCapacity=4,
    )["ScalableTargetARN"]
    elsewhere = cast(
        "ApplicationAutoScalingClient", connect("application-autoscaling", region="us-east-1")
    )
    with pytest.raises(elsewhere.exceptions.ResourceNotFoundException):
        elsewhere.list_tags_for_resource(ResourceARN=arn)
