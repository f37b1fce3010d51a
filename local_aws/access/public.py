"""Requests that need no signature on AWS either: they carry a token of their own, or read keys.

Source: Amazon Cognito Developer Guide, List of API operations grouped by authorization model.
"""

import re
from functools import cache

import botocore.session

from local_aws.wsgi import Environ

_KEY_SETS = re.compile(r"/[\w-]+/\.well-known/(jwks\.json|openid-configuration)")
_SERVICE = "cognito-idp"
_JSON = "application/x-amz-json-1.1"


def is_public(environ: Environ) -> bool:
    """Return whether a request may come without a signature.

    moto chooses the operation by several parts of a request. Each part that could lead moto to
    another operation must be absent.
    """
    if "HTTP_AUTHORIZATION" in environ or environ["QUERY_STRING"]:
        return False
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    target = environ.get("HTTP_X_AMZ_TARGET")
    content_type = environ.get("CONTENT_TYPE")
    if target is None and content_type is None:
        return method in {"GET", "HEAD"} and _KEY_SETS.fullmatch(path) is not None
    return (method, path, content_type) == ("POST", "/", _JSON) and target in _targets()


@cache
def _targets() -> frozenset[str]:
    """Return the targets of the public operations of user pools, by AWS's own service model."""
    service = botocore.session.get_session().get_service_model(_SERVICE)
    return frozenset(
        f"{service.metadata['targetPrefix']}.{name}"
        for name in service.operation_names
        if service.operation_model(name).auth_type == "none"
    )
