"""Operations of all services that moto 5.2.5 lacks get an error that clients do not retry.

moto answers them with status 500 and an HTML page, and Terraform's AWS provider retries after a 500
for many minutes.
"""

from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse

from local_aws.graft import graft

_STATUS = 501

_call_action = BaseResponse.call_action


class _NotImplementedError(ServiceException):
    code = "NotImplementedException"


@graft
class _Response(BaseResponse):
    def call_action(self) -> TYPE_RESPONSE:
        try:
            return _call_action(self)
        except NotImplementedError as error:
            message = f"The embedded AWS lacks this operation: {error}"
            _, headers, body = self.serialized(ActionResult(_NotImplementedError(message)))
            return _STATUS, headers | {"status": str(_STATUS)}, body
