"""Refuses functions whose image Lambda may not pull; moto 5.2.5 checks only that the image exists.

The policy of the repository must let Lambda pull for this function (Lambda Developer Guide, Amazon
ECR permissions). Lambda would add a missing statement itself if the caller may set the policy; that
is not emulated, because Terraform would remove the statement again.
"""

import json
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.utils import make_function_arn
from moto.ecr.models import ecr_backends

from local_aws.execution.policies import Request, allows
from local_aws.graft import graft
from local_aws.service_principals import LAMBDA

_PULL_ACTIONS = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")

_create_function = LambdaBackend.create_function
_update_function_code = LambdaBackend.update_function_code


class _NoPullError(LambdaClientError):
    code = 403

    def __init__(self) -> None:
        super().__init__(
            "AccessDeniedException",
            "Lambda does not have permission to access the ECR image. Check the ECR permissions.",
        )


@graft
class _Backend(LambdaBackend):
    def create_function(self, spec: dict[str, Any]) -> LambdaFunction:
        _check_image(self, spec["FunctionName"], spec.get("Code", {}).get("ImageUri"))
        return _create_function(self, spec)

    def update_function_code(
        self, function_name: str, qualifier: str, body: dict[str, Any]
    ) -> dict[str, Any] | None:
        name = self.get_function(function_name, qualifier).function_name
        _check_image(self, name, body.get("ImageUri"))
        return _update_function_code(self, function_name, qualifier, body)


def _check_image(functions: LambdaBackend, name: str, image: str | None) -> None:
    """Refuse an image whose repository exists and does not admit the function."""
    if image is None:
        return
    repository_name = image.partition("/")[2].partition("@")[0].partition(":")[0]
    account, region = functions.account_id, functions.region_name
    repository = ecr_backends[account][region].repositories.get(repository_name)
    if repository is None:
        return  # moto answers that the image is missing
    policies = [json.loads(repository.policy)] if repository.policy else []
    context = {
        "aws:sourceaccount": account,
        "aws:sourcearn": make_function_arn(region, account, name),
    }
    for action in _PULL_ACTIONS:
        request = Request(action=action, resource=None, service=LAMBDA, context=context)
        if not allows(policies, request):
            raise _NoPullError
