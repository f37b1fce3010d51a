"""Reads and verifies signatures of requests (Signature Version 4).

Source: IAM User Guide, AWS Signature Version 4 for API requests. botocore's own signer calculates
the expected signature.

Not verified: the content of S3 uploads that leave it unsigned.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl, quote, unquote

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from local_aws.access.refusals import Reason
from local_aws.requests.messages import RAW_HEADERS
from local_aws.wsgi import Environ

_TOLERANCE = timedelta(minutes=15)
_LONGEST = timedelta(days=7)  # the validity of a presigned URL
_TIMESTAMP = "%Y%m%dT%H%M%SZ"
_ALGORITHM = "AWS4-HMAC-SHA256"
_HEADER = re.compile(
    rf"{_ALGORITHM}\s+Credential=(?P<credential>[^,\s]+),\s*SignedHeaders=(?P<headers>[^,\s]+)"
    r",\s*Signature=(?P<value>[0-9a-f]{64})"
)
_CREDENTIAL = re.compile(
    r"(?P<key>[^/]+)/(?P<date>\d{8})/(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)/(?P<service>[a-z0-9-]+)"
    r"/aws4_request"
)
_SERVICE = re.compile(r"/(?P<service>[a-z0-9-]+)/aws4_request")
_S3 = "s3"
_UNSIGNED_CONTENT = {"UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}
_CHUNKED = "STREAMING-"
_CONTENT_HEADER = "X-Amz-Content-SHA256"


class SignatureError(Exception):
    """A signature that is malformed or wrong."""

    def __init__(self, reason: Reason, *, service: str | None = None) -> None:
        super().__init__(reason.message)
        self.reason = reason
        self.service = service


@dataclass(frozen=True, kw_only=True)
class Signature:
    """The signature of a request, as it was sent."""

    access_key_id: str
    region: str
    service: str
    timestamp: str
    """The time of signing, such as `20260131T120000Z`."""

    valid: timedelta | None
    """The validity of a presigned URL; None for a signature in the headers."""

    headers: tuple[str, ...]
    """The names of the signed headers, in lower case."""

    session_token: str | None
    value: str

    @property
    def header(self) -> str:
        """The Authorization header with this signature."""
        scope = f"{self.timestamp[:8]}/{self.region}/{self.service}/aws4_request"
        return (
            f"{_ALGORITHM} Credential={self.access_key_id}/{scope}, "
            f"SignedHeaders={';'.join(self.headers)}, Signature={self.value}"
        )


def read_signature(environ: Environ) -> Signature | None:
    """Return the signature in a request's headers or query; None if it has none.

    Raises:
        SignatureError: It is malformed.
    """
    query = dict(parse_qsl(environ["QUERY_STRING"]))
    header = environ.get("HTTP_AUTHORIZATION")
    if header is None and "X-Amz-Signature" not in query:
        return None
    try:
        if header is None:
            return _signature(
                credential=query["X-Amz-Credential"],
                timestamp=query["X-Amz-Date"],
                valid=timedelta(seconds=int(query["X-Amz-Expires"])),
                headers=query["X-Amz-SignedHeaders"],
                session_token=query.get("X-Amz-Security-Token"),
                value=query["X-Amz-Signature"],
            )
        found = _match(_HEADER, header)
        return _signature(
            credential=found["credential"],
            timestamp=environ["HTTP_X_AMZ_DATE"],
            valid=None,
            headers=found["headers"],
            session_token=environ.get("HTTP_X_AMZ_SECURITY_TOKEN"),
            value=found["value"],
        )
    except (KeyError, ValueError, OverflowError) as error:
        scope = _SERVICE.search(header or query.get("X-Amz-Credential", ""))
        service = scope and scope["service"]
        raise SignatureError(Reason.MALFORMED, service=service) from error


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return found


def _signature(
    *,
    credential: str,
    timestamp: str,
    valid: timedelta | None,
    headers: str,
    session_token: str | None,
    value: str,
) -> Signature:
    scope = _match(_CREDENTIAL, credential)
    if scope["date"] != timestamp[:8]:
        raise ValueError(timestamp)
    return Signature(
        access_key_id=scope["key"],
        region=scope["region"],
        service=scope["service"],
        timestamp=timestamp,
        valid=valid,
        headers=tuple(headers.split(";")),
        session_token=session_token,
        value=value,
    )


def verify_signature(
    signature: Signature, *, environ: Environ, body: bytes, secret_access_key: str
) -> None:
    """Check that the holder of the secret signed this request, and not too long ago.

    Raises:
        SignatureError: The signature is wrong or too old.
    """
    reason = _find_problem(signature, environ, body, secret_access_key)
    if reason is not None:
        raise SignatureError(reason, service=signature.service)


def _find_problem(
    signature: Signature, environ: Environ, body: bytes, secret_access_key: str
) -> Reason | None:
    sent = {name.lower() for name, _ in environ[RAW_HEADERS]}
    needed = {"host"} | {name for name in sent if name.startswith("x-amz-")}
    if not needed <= set(signature.headers) <= sent:
        return Reason.MALFORMED
    if not _is_current(signature):
        return Reason.WRONG_DATE
    declared = environ.get("HTTP_X_AMZ_CONTENT_SHA256")
    content = hashlib.sha256(body).hexdigest()
    if signature.service == _S3 and (signature.valid is not None or declared in _UNSIGNED_CONTENT):
        content = declared or "UNSIGNED-PAYLOAD"
    elif declared is not None and declared.startswith(_CHUNKED):
        return Reason.CHUNKED
    elif declared not in {None, content}:
        return Reason.WRONG_CONTENT
    expected = _calculate(signature, environ, content, secret_access_key)
    return None if hmac.compare_digest(expected, signature.value) else Reason.WRONG_SIGNATURE


def _is_current(signature: Signature) -> bool:
    try:
        signed = datetime.strptime(signature.timestamp, _TIMESTAMP).replace(tzinfo=timezone.utc)
    except ValueError:
        return False
    age = datetime.now(timezone.utc) - signed
    valid = _TOLERANCE if signature.valid is None else signature.valid
    return -_TOLERANCE <= age <= valid <= _LONGEST


class _Signer(SigV4Auth):
    """botocore's signer, which signs exactly the headers that the client signed."""

    def __init__(self, signature: Signature, *, secret_access_key: str) -> None:
        credentials = Credentials(signature.access_key_id, secret_access_key)
        super().__init__(credentials, signature.service, signature.region)
        self._names = signature.headers

    def headers_to_sign(self, request: AWSRequest) -> HTTPHeaders:
        """Return the headers that the client signed."""
        chosen = HTTPHeaders()
        for name, value in request.headers.items():
            if name.lower() in self._names:
                chosen[name.lower()] = value
        return chosen


class _S3Signer(_Signer, S3SigV4Auth):
    """The signer for S3, whose keys may contain what other services normalise in a path."""


def _calculate(signature: Signature, environ: Environ, content: str, secret_access_key: str) -> str:
    signer_class = _S3Signer if signature.service == _S3 else _Signer
    signer = signer_class(signature, secret_access_key=secret_access_key)
    path, _, query = environ["RAW_URI"].partition("?")
    request = AWSRequest(
        method=environ["REQUEST_METHOD"],
        url=f"http://{environ['HTTP_HOST']}{path}?{_canonical_query(query)}",
    )
    for name, value in environ[RAW_HEADERS]:
        # http.server reads headers as Latin-1; clients sign them as UTF-8.
        request.headers.add_header(name, value.encode("latin-1").decode(errors="replace"))
    del request.headers[_CONTENT_HEADER]
    request.headers[_CONTENT_HEADER] = content
    request.context["timestamp"] = signature.timestamp
    canonical = signer.canonical_request(request)
    return signer.signature(signer.string_to_sign(request, canonical), request)


def _canonical_query(query: str) -> str:
    """Return a query in AWS's own percent-encoding, without the signature in it."""
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return "&".join(
        f"{_encode(name)}={_encode(value)}" for name, _, value in pairs if name != "X-Amz-Signature"
    )


def _encode(text: str) -> str:
    return quote(unquote(text), safe="-_.~")
