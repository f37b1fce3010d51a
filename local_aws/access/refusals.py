"""Refuses requests as AWS does, in the protocol of the service.

Sources: Common Errors of the IAM, Lambda and Secrets Manager API References; Amazon S3 API
Reference, Error responses; Amazon EC2 API Reference, Error codes.
"""

import json
from dataclasses import dataclass
from enum import Enum
from xml.sax.saxutils import escape

from werkzeug.datastructures import Headers

from local_aws.requests.messages import Response
from local_aws.wsgi import Environ


@dataclass(frozen=True, kw_only=True)
class _Codes:
    """The error codes of one reason: of JSON protocols, the query protocol, EC2 and S3."""

    json: str
    query: str
    ec2: str
    s3: str


class Reason(Enum):
    """The reasons why a request is refused, with their error codes and message."""

    UNSIGNED = (
        _Codes(
            json="MissingAuthenticationTokenException",
            query="MissingAuthenticationToken",
            ec2="MissingAuthenticationToken",
            s3="AccessDenied",
        ),
        "The request is not signed. Sign it with the embedded AWS's key (local_aws/README.md).",
    )
    MALFORMED = (
        _Codes(
            json="IncompleteSignatureException",
            query="IncompleteSignature",
            ec2="IncompleteSignature",
            s3="AuthorizationHeaderMalformed",
        ),
        "The request signature does not conform to AWS standards (Signature Version 4).",
    )
    UNKNOWN_KEY = (
        _Codes(
            json="UnrecognizedClientException",
            query="InvalidClientTokenId",
            ec2="AuthFailure",
            s3="InvalidAccessKeyId",
        ),
        "The security token included in the request is invalid.",
    )
    WRONG_SIGNATURE = (
        _Codes(
            json="InvalidSignatureException",
            query="SignatureDoesNotMatch",
            ec2="AuthFailure",
            s3="SignatureDoesNotMatch",
        ),
        "The request signature we calculated does not match the signature you provided.",
    )
    WRONG_CONTENT = (
        _Codes(
            json="InvalidSignatureException",
            query="SignatureDoesNotMatch",
            ec2="AuthFailure",
            s3="XAmzContentSHA256Mismatch",
        ),
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
    WRONG_DATE = (
        _Codes(
            json="RequestExpired",
            query="RequestExpired",
            ec2="RequestExpired",
            s3="RequestTimeTooSkewed",
        ),
        "The request was signed more than 15 minutes ago, or for a later time.",
    )
    EXPIRED_SESSION = (
        _Codes(
            json="ExpiredTokenException",
            query="ExpiredToken",
            ec2="RequestExpired",
            s3="ExpiredToken",
        ),
        "The security token included in the request is expired.",
    )
    CHUNKED = (
        _Codes(
            json="NotImplementedException",
            query="NotImplemented",
            ec2="NotImplemented",
            s3="NotImplemented",
        ),
        "The embedded AWS lacks signatures of single chunks.",
    )

    def __init__(self, codes: _Codes, message: str) -> None:
        self.codes = codes
        self.message = message


def refuse(environ: Environ, reason: Reason, *, service: str | None) -> Response:
    """Return the error response to a request.

    Args:
        environ: The request.
        reason: The reason.
        service: The service in the signature's scope, or None without a readable signature.
    """
    codes, message = reason.codes, reason.message
    if "HTTP_X_AMZ_TARGET" in environ:
        return _json(400, codes.json, message)
    if service == "ec2":
        error = f"<Errors>{_error(codes.ec2, message)}</Errors><RequestID>none</RequestID>"
        return _xml(401, f"<Response>{error}</Response>")
    form = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
    if form or service == "cloudfront":
        error = _error(codes.query, message, before="<Type>Sender</Type>")
        return _xml(403, f"<ErrorResponse>{error}<RequestId>none</RequestId></ErrorResponse>")
    if service in {"s3", None}:  # moto takes unsigned requests for S3's
        return _xml(501 if reason is Reason.CHUNKED else 403, _error(codes.s3, message))
    return _json(403, codes.json, message)


def _json(status: int, code: str, message: str) -> Response:
    headers = {"Content-Type": "application/json", "X-Amzn-ErrorType": code}
    body = json.dumps({"__type": code, "message": message})
    return Response(status=status, headers=Headers(headers), body=body.encode())


def _xml(status: int, content: str) -> Response:
    headers = {"Content-Type": "text/xml"}
    return Response(status=status, headers=Headers(headers), body=content.encode())


def _error(code: str, message: str, *, before: str = "") -> str:
    return f"<Error>{before}<Code>{code}</Code><Message>{escape(message)}</Message></Error>"
