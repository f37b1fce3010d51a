"""Finds the secret of an access key that signed a request.

Two kinds of keys are valid: the key of the user of this machine, and those of role sessions, which
STS and Lambda hand out. Keys of IAM users are unknown.
"""

import hmac
from datetime import datetime, timezone

from local_aws.access.credentials import Credentials
from local_aws.access.refusals import Reason
from local_aws.access.signatures import Signature, SignatureError
from local_aws.execution.roles import session_of


def find_secret(signature: Signature, *, user: Credentials) -> str:
    """Return the secret of the key that a signature names.

    Raises:
        SignatureError: The key or its session token is unknown or has expired.
    """
    if signature.access_key_id == user.access_key_id:
        return user.secret_access_key
    session = session_of(signature.access_key_id)
    token = signature.session_token or ""
    if session is None or not hmac.compare_digest(
        session.session_token.encode(), token.encode(errors="replace")
    ):
        raise SignatureError(Reason.UNKNOWN_KEY, service=signature.service)
    if session.expires_at < datetime.now(timezone.utc):
        raise SignatureError(Reason.EXPIRED_SESSION, service=signature.service)
    return session.secret_access_key
