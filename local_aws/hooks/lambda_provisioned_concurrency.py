"""Starts an environment of a version that gets provisioned concurrency, as Lambda does.

One environment shows whether the version starts. It stays ready for the first event.
"""

from moto.awslambda.models import LambdaBackend, LambdaFunction

from local_aws.execution import InvokeError
from local_aws.execution.service import starts
from local_aws.graft import graft


@graft
class _Backend(LambdaBackend):
    def start_failure(self, function: LambdaFunction) -> str | None:
        try:
            return None if starts(function) else "FUNCTION_ERROR_INIT_FAILURE"
        except InvokeError as error:
            return error.message
