"""Versions of functions that CloudFront has replicated; gaps of moto 5.2.5.

- A function is deleted although a distribution runs a version of it.

AWS keeps the replicas for hours after the last distribution has stopped using them; here they are
gone at once.
"""

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend
from moto.cloudfront.models import cloudfront_backends

from local_aws.backends import every_backend
from local_aws.extensions.cloudfront.usage import functions_in_use
from local_aws.graft import graft

_delete_function = LambdaBackend.delete_function


@graft
class _Backend(LambdaBackend):
    def delete_function(self, function_name: str, qualifier: str | None = None) -> None:
        arn = self.get_function(function_name).function_arn
        wanted = f"{arn}:{qualifier}" if qualifier else arn
        for backend in every_backend(cloudfront_backends):
            for version in functions_in_use(backend):
                if wanted in (version, version.rpartition(":")[0]):
                    message = (
                        f"Lambda was unable to delete {version} because it is a replicated"
                        " function. Please see our documentation for Deleting Lambda@Edge Functions"
                        " and Replicas."
                    )
                    raise InvalidParameterValueException(message)
        _delete_function(self, function_name, qualifier)
