"""Application Auto Scaling; gaps of moto 5.2.5.

- The tags of a scalable target are not kept.
- ListTagsForResource, TagResource and UntagResource are missing.
"""

from typing import cast

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, FakeScalableTarget
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult

from local_aws.graft import graft

_init = FakeScalableTarget.__init__
_register = ApplicationAutoScalingResponse.register_scalable_target


class _ResourceNotFoundError(JsonRESTError):
    def __init__(self, arn: str) -> None:
        super().__init__(
            "ResourceNotFoundException", f"No scalable target found for resource ARN: {arn}"
        )


@graft
class _Target(FakeScalableTarget):
    def __init__(self, *args: object, **kwargs: object) -> None:
        _init(self, *args, **kwargs)  # pyright: ignore[reportArgumentType]  # passed on unchanged
        self.tags: dict[str, str] = {}


@graft
class _Backend(ApplicationAutoscalingBackend):
    def tagged_target(self, arn: str) -> _Target:
        for targets in self.targets.values():
            for target in targets.values():
                if target.arn == arn:
                    return cast("_Target", target)
        raise _ResourceNotFoundError(arn)


@graft
class _Response(ApplicationAutoScalingResponse):
    def _target(self, arn: str) -> _Target:
        return cast("_Backend", self.applicationautoscaling_backend).tagged_target(arn)

    def register_scalable_target(self) -> str:
        answer = _register(self)
        (target,) = self.applicationautoscaling_backend.describe_scalable_targets(
            self._get_param("ServiceNamespace"),
            [self._get_param("ResourceId")],
            self._get_param("ScalableDimension"),
        )
        self._target(target.arn).tags |= self._get_param("Tags") or {}
        return answer

    def list_tags_for_resource(self) -> ActionResult:
        return ActionResult({"Tags": self._target(self._get_param("ResourceARN")).tags})

    def tag_resource(self) -> ActionResult:
        self._target(self._get_param("ResourceARN")).tags |= self._get_param("Tags")
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        tags = self._target(self._get_param("ResourceARN")).tags
        for key in self._get_param("TagKeys"):
            tags.pop(key, None)
        return EmptyResult()
