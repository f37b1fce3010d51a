"""The `$context` variables of a request.

Source: API Gateway Developer Guide, Variables for data transformations.
"""

import re
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, cast

from local_aws.extensions.apigateway.snapshot import Snapshot
from local_aws.requests.messages import Request
from local_aws.tracing import TRACE_HEADER, trace_id_of, trace_of

_VARIABLE = re.compile(r"\$(context|stageVariables)((?:\.[A-Za-z0-9_]+)+)")

_IAM_IDENTITY = (
    "accessKey",
    "accountId",
    "caller",
    "cognitoAuthenticationProvider",
    "cognitoAuthenticationType",
    "cognitoIdentityId",
    "cognitoIdentityPoolId",
    "principalOrgId",
    "user",
    "userArn",
)
"""Variables that are set for requests signed with AWS credentials only."""

Variables = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Context:
    """The variables of a request; each step of its handling adds some."""

    variables: Variables = field(default_factory=dict[str, Any])
    """The variables of `$context`, nested by the dots in their names."""

    stage_variables: Mapping[str, str]
    """The variables of `$stageVariables`."""

    trace_id: str
    """The trace header."""

    def render(self, template: str, *, unknown: str) -> str:
        """Replace the variables in a text; a variable without a value becomes `unknown`."""
        names: dict[str, Mapping[str, Any]] = {
            "context": self.variables,
            "stageVariables": self.stage_variables,
        }

        def value(found: re.Match[str]) -> str:
            return _text(_look_up(names[found[1]], found[2][1:]), unknown=unknown)

        return _VARIABLE.sub(value, template)

    def look_up(self, name: str) -> str | None:
        """Return a variable of `$context` as text, or None without a value."""
        value = _look_up(self.variables, name)
        return None if value is None else _text(value, unknown="")


def make_context(
    request: Request,
    *,
    snapshot: Snapshot,
    deployment_id: str,
    stage: str,
    stage_variables: Mapping[str, str],
) -> Context:
    """Return the variables of a request at its arrival."""
    now = datetime.now(timezone.utc)
    request_id = str(uuid.uuid4())
    trace_id = trace_of(request.headers.get(TRACE_HEADER))
    domain = f"{snapshot.api_id}.execute-api.{snapshot.region}.amazonaws.com"
    variables: Variables = {
        "accountId": snapshot.account,
        "apiId": snapshot.api_id,
        "deploymentId": deployment_id,
        "domainName": domain,
        "domainPrefix": snapshot.api_id,
        "extendedRequestId": secrets.token_urlsafe(11) + "=",
        "httpMethod": request.method,
        "identity": {
            **dict.fromkeys(_IAM_IDENTITY),
            "sourceIp": request.source_ip,
            "userAgent": request.headers.get("User-Agent"),
        },
        "path": f"/{stage}{request.path}",
        "protocol": request.protocol,
        "requestId": request_id,
        "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(now.timestamp() * 1000),
        "stage": stage,
        "xrayTraceId": trace_id_of(trace_id),
    }
    return Context(variables=variables, stage_variables=stage_variables, trace_id=trace_id)


def _look_up(variables: Mapping[str, Any], name: str) -> object:
    """Return the value of a dotted name; keys may contain dots too, as names of claims do."""
    if name in variables:
        return variables[name]
    first, _, rest = name.partition(".")
    inner = variables.get(first)
    return _look_up(cast("Mapping[str, Any]", inner), rest) if isinstance(inner, dict) else None


def _text(value: object, *, unknown: str) -> str:
    if value is None or isinstance(value, dict):
        return unknown
    return str(value).lower() if isinstance(value, bool) else str(value)
