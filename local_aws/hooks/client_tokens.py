"""A request that is sent again is answered as before, without a second resource.

AWS's clients send a request again if its answer was lost. EC2 and EventBridge Scheduler know it by
its `ClientToken` (Amazon EC2 Developer Guide, Ensuring idempotency). moto 5.2.5 ignores the token.
"""

import threading
from collections import defaultdict
from http import HTTPStatus

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import BaseResponse

from local_aws.graft import graft

_Request = tuple[str, str, str, str]

_call_action = BaseResponse.call_action
_answers: dict[_Request, TYPE_RESPONSE] = {}
_locks: defaultdict[_Request, threading.Lock] = defaultdict(threading.Lock)


@graft
class _Response(BaseResponse):
    def call_action(self) -> TYPE_RESPONSE:
        token = self._get_param("ClientToken")
        if not token:
            return _call_action(self)
        action = self._get_action()
        request = (self.current_account, self.region, action, token)
        with _locks[request]:
            if request not in _answers:
                answer = _call_action(self)
                if int(answer[0]) >= HTTPStatus.BAD_REQUEST:
                    return answer
                _answers[request] = answer
            return _answers[request]
