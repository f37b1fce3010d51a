"""Refuses requests by what stands in them, before moto handles them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import cast

from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse

from local_aws.graft import graft
from local_aws.refusals import (
    application_auto_scaling,
    awslambda,
    cloudfront,
    cloudwatch,
    cognitoidp,
    ec2,
    elbv2,
    iam,
    kms,
    logs,
    rds,
    wafv2,
)
from local_aws.refusals.refusal import Parameters, Refusal, Request

SERVICES = (
    application_auto_scaling,
    awslambda,
    cloudfront,
    cloudwatch,
    cognitoidp,
    ec2,
    elbv2,
    iam,
    kms,
    logs,
    rds,
    wafv2,
)

_call_action = BaseResponse.call_action


def _by_operation() -> Mapping[tuple[str, str], list[Refusal]]:
    found: defaultdict[tuple[str, str], list[Refusal]] = defaultdict(list)
    for service in SERVICES:
        for refusal in service.REFUSALS:
            for operation in refusal.operations:
                found[refusal.service, operation].append(refusal)
    return dict(found)


_REFUSALS = _by_operation()


class _RefusedError(ServiceException):
    """A refusal; moto looks for the service of its own exceptions by their module."""


@graft
class _Response(BaseResponse):
    def call_action(self) -> TYPE_RESPONSE:
        operation = self._get_action()
        refusals = _REFUSALS.get((self.boto3_service_name, operation))
        if refusals:
            request = Request(
                operation=operation,
                region=self.region,
                parameters=_parameters(self),
            )
            for refusal in refusals:
                if message := " ".join(refusal.find(request)):
                    error = _RefusedError(refusal.code, message)
                    return self.serialized(ActionResult(error))
        return _call_action(self)


def _parameters(response: BaseResponse) -> Parameters:
    """Return the parameters of the request under the names of AWS's API."""
    own: object = vars(response).get("params")
    if not response.automated_parameter_parsing:
        response.parse_parameters(response.normalized_request)
    parsed = cast("Parameters", vars(response)["params"])
    vars(response)["params"] = own
    return parsed
