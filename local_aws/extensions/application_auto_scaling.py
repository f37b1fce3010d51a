"""Application Auto Scaling; gaps of moto 5.2.5.

- The tags of a scalable target are not kept.
- ListTagsForResource, TagResource and UntagResource are missing.
- A Lambda target is registered even if it has no provisioned concurrency.
- A deregistered target leaves its policies and scheduled actions behind.
- Changes of one target may overlap. AWS refuses a change while another is pending.
"""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Lock
from typing import cast

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, FakeScalableTarget
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.awslambda.models import lambda_backends
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult

from local_aws.extensions.awslambda.provisioned_concurrency import has_provisioned_concurrency
from local_aws.graft import graft

CHANGE_SECONDS = 0.2
"""How long a change of a target is pending."""

_init = FakeScalableTarget.__init__
_register = ApplicationAutoScalingResponse.register_scalable_target
_deregister = ApplicationAutoScalingResponse.deregister_scalable_target

_lock = Lock()
_pending: set[object] = set()


class _ResourceNotFoundError(JsonRESTError):
    def __init__(self, arn: str) -> None:
        super().__init__(
            "ResourceNotFoundException", f"No scalable target found for resource ARN: {arn}"
        )


class _ConcurrentUpdateError(JsonRESTError):
    def __init__(self) -> None:
        super().__init__(
            "ConcurrentUpdateException",
            "You already have a pending update to an Auto Scaling resource.",
        )


@contextmanager
def _change(target: object) -> Generator[None]:
    """Refuse other changes of a target until this one is done."""
    with _lock:
        if target in _pending:
            raise _ConcurrentUpdateError
        _pending.add(target)
    try:
        time.sleep(CHANGE_SECONDS)
        yield
    finally:
        with _lock:
            _pending.remove(target)


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

    def target_key(self) -> tuple[str, str, str]:
        """Return namespace, resource id and dimension of the target that a request changes."""
        return (
            self._get_param("ServiceNamespace"),
            self._get_param("ResourceId"),
            self._get_param("ScalableDimension"),
        )

    def register_scalable_target(self) -> str:
        self._check_lambda_target()
        answer = _register(self)
        (target,) = self.applicationautoscaling_backend.describe_scalable_targets(
            self._get_param("ServiceNamespace"),
            [self._get_param("ResourceId")],
            self._get_param("ScalableDimension"),
        )
        self._target(target.arn).tags |= self._get_param("Tags") or {}
        return answer

    def deregister_scalable_target(self) -> str:
        answer = _deregister(self)
        backend = self.applicationautoscaling_backend
        target = self.target_key()
        backend.policies = {
            key: policy
            for key, policy in backend.policies.items()
            if (policy.service_namespace, policy.resource_id, policy.scalable_dimension) != target
        }
        backend.scheduled_actions = [
            action
            for action in backend.scheduled_actions
            if (action.service_namespace, action.resource_id, action.scalable_dimension) != target
        ]
        return answer

    def _check_lambda_target(self) -> None:
        namespace, resource_id, _ = self.target_key()
        if namespace != "lambda":
            return
        functions = lambda_backends[self.current_account][self.region]
        _, name, qualifier = resource_id.split(":")
        if not has_provisioned_concurrency(functions, name=name, qualifier=qualifier):
            message = f"No provisioned concurrency found for resource ID: {resource_id}"
            raise AWSValidationException(message)

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


def _alone(
    operation: Callable[[ApplicationAutoScalingResponse], str],
) -> Callable[[ApplicationAutoScalingResponse], str]:
    def method(self: ApplicationAutoScalingResponse) -> str:
        with _change((self.current_account, self.region, cast("_Response", self).target_key())):
            return operation(self)

    return method


for _name in (
    "register_scalable_target",
    "deregister_scalable_target",
    "put_scaling_policy",
    "delete_scaling_policy",
    "put_scheduled_action",
    "delete_scheduled_action",
):
    setattr(
        ApplicationAutoScalingResponse,
        _name,
        _alone(getattr(ApplicationAutoScalingResponse, _name)),
    )
