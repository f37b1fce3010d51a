"""The roles of functions: their credentials, and what their policies allow.

Not evaluated: permissions boundaries, session policies, and policies of secrets and keys. Key
policies are assumed to leave the decision to IAM, as the default key policy does.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from moto.iam.exceptions import NotFoundException
from moto.iam.models import Role, iam_backends
from moto.sts.models import AssumedRole, sts_backends

from local_aws.backends import every_backend
from local_aws.execution.invocation import InvokeError
from local_aws.execution.policies import Context, Request, allows
from local_aws.service_principals import EDGE_LAMBDA, LAMBDA

_SESSION_SECONDS = 12 * 60 * 60


@dataclass(frozen=True, kw_only=True)
class RoleSession:
    """The credentials of a role: those of one execution environment, or those that STS gave out."""

    role_arn: str
    """The ARN of the role."""

    arn: str
    """The ARN of the session, which error messages name as the caller."""

    function_arn: str | None
    """The ARN of the function that has the credentials, without a qualifier; None if STS gave them
    out."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expires_at: datetime


_sessions: dict[str, RoleSession] = {}


def open_session(*, role_arn: str, function_arn: str) -> RoleSession:
    """Assume a role for an execution environment.

    Raises:
        InvokeError: The role does not exist or does not trust Lambda.
    """
    if not any(trusts(role_arn=role_arn, service=service) for service in (LAMBDA, EDGE_LAMBDA)):
        raise InvokeError(
            code="AccessDeniedException",
            status=403,
            message=f"The role defined for the function cannot be assumed by Lambda: {role_arn}",
        )
    _, partition, _, region, account, _, name = function_arn.split(":", 6)
    assumed = sts_backends[account][partition].assume_role(
        region_name=region,
        role_session_name=name.rpartition(":")[2],
        role_arn=role_arn,
        policy="",
        duration=_SESSION_SECONDS,
        external_id="",
    )
    session = _session(assumed, function_arn=function_arn)
    _sessions[session.access_key_id] = session
    return session


def close_session(session: RoleSession) -> None:
    """Invalidate the credentials of an execution environment that has ended."""
    _sessions.pop(session.access_key_id, None)
    for backend in every_backend(sts_backends):
        assumed = backend.get_assumed_role_from_access_key(session.access_key_id)
        if assumed is not None:
            backend.assumed_roles.remove(assumed)


def session_of(access_key_id: str) -> RoleSession | None:
    """Return the session of an access key, or None if it is no role's."""
    if session := _sessions.get(access_key_id):
        return session
    for backend in every_backend(sts_backends):
        assumed = backend.get_assumed_role_from_access_key(access_key_id)
        if assumed is not None:
            return _session(assumed, function_arn=None)
    return None


def _session(assumed: AssumedRole, *, function_arn: str | None) -> RoleSession:
    return RoleSession(
        role_arn=assumed.role_arn,
        arn=assumed.arn,
        function_arn=function_arn,
        access_key_id=assumed.access_key_id,
        secret_access_key=assumed.secret_access_key,
        session_token=assumed.session_token,
        expires_at=assumed.expiration.replace(tzinfo=timezone.utc),
    )


def trusts(*, role_arn: str, service: str, context: Context | None = None) -> bool:
    """Return whether a service may assume a role.

    Args:
        role_arn: The ARN of the role.
        service: The service, such as `rds.amazonaws.com`.
        context: The condition keys as the service sends them; None if that is not known.
    """
    role = _role(role_arn)
    request = Request(
        action="sts:AssumeRole", resource=None, service=service, context=context or {}
    )
    return role is not None and allows([json.loads(role.assume_role_policy_document)], request)


def may(
    *,
    role_arn: str,
    action: str,
    resource: str | None,
    region: str,
    function_arn: str | None = None,
    via_service: str | None = None,
) -> bool:
    """Return whether a role's policies allow an action.

    Args:
        role_arn: The ARN of the role.
        action: The action, such as `secretsmanager:GetSecretValue`.
        resource: The ARN of the resource; None if it is unknown.
        region: The region of the request.
        function_arn: The function whose code asks; None for Lambda itself.
        via_service: The service that calls KMS on the role's behalf, such as `secretsmanager`.
    """
    context = {
        "aws:principalarn": role_arn,
        "aws:principalaccount": role_arn.split(":")[4],
        "aws:requestedregion": region,
        "lambda:sourcefunctionarn": function_arn,
        "kms:viaservice": via_service and f"{via_service}.{region}.amazonaws.com",
    }
    role = _role(role_arn)
    request = Request(action=action, resource=resource, context=context)
    return role is not None and allows(_documents(role), request)


def _role(arn: str) -> Role | None:
    _, partition, _, _, account, _ = arn.split(":", 5)
    try:
        return iam_backends[account][partition].get_role_by_arn(arn)
    except NotFoundException:
        return None


def _documents(role: Role) -> Iterator[dict[str, Any]]:
    for document in role.policies.values():
        yield json.loads(document)
    for policy in role.managed_policies.values():
        default = next(version for version in policy.versions if version.is_default)
        yield json.loads(default.document)
