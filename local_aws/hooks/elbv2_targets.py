"""Registration of functions as targets, only if the load balancer may invoke them.

moto 5.2.5 registers every function.
"""

from typing import Any

from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend

from local_aws.execution import is_allowed
from local_aws.graft import graft
from local_aws.service_principals import LOAD_BALANCING

_register_targets = ELBv2Backend.register_targets


class _AccessDeniedError(ELBClientError):
    def __init__(self, *, function: str, target_group: str) -> None:
        super().__init__(
            "AccessDenied",
            f"elasticloadbalancing principal does not have permission to invoke {function}"
            f" from target group {target_group}",
        )


@graft
class _Backend(ELBv2Backend):
    def register_targets(self, target_group_arn: str, instances: list[dict[str, Any]]) -> None:
        group = self.target_groups.get(target_group_arn)
        for target in instances if group and group.target_type == "lambda" else []:
            arn = target["Id"]
            if not is_allowed(arn=arn, principal=LOAD_BALANCING, source_arn=target_group_arn):
                raise _AccessDeniedError(function=arn, target_group=target_group_arn)
        _register_targets(self, target_group_arn, instances)
