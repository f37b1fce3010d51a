"""IAM permissions of roles, enforced on each request to the AWS API.

Requests with the credentials of a role are checked against its policies. Other requests come from
the user of this machine, who may do everything; `local_aws.access` has verified that. moto 5.2.5
can only check the permissions of all callers or of none.

The requested resource is determined for Secrets Manager, KMS, CloudWatch Logs and S3. For other
services, a specific resource in a policy counts as matching in Allow and as not matching in Deny.
"""

import json
from typing import Any, cast

from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.kms.models import kms_backends
from moto.s3.exceptions import S3AccessDeniedError
from moto.secretsmanager.models import SecretsManagerBackend, secretsmanager_backends

from local_aws.execution.roles import RoleSession, may, session_of
from local_aws.graft import graft

_call_action = BaseResponse.call_action
_authorize_s3 = ActionAuthenticatorMixin._authenticate_and_authorize_s3_action  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001  # S3 calls it in each operation

# This action needs no permission (IAM User Guide, Actions for AWS STS).
_ALWAYS_ALLOWED = "sts:GetCallerIdentity"
# Secrets Manager uses a secret's key on behalf of the caller (Secrets Manager User Guide, Secret
# encryption and decryption).
_KEY_ACTIONS = {
    "secretsmanager:GetSecretValue": ["kms:Decrypt"],
    "secretsmanager:PutSecretValue": ["kms:GenerateDataKey", "kms:Decrypt"],
}
# Services whose name in policies differs from the name in signatures.
_NAMES_IN_POLICIES = {"monitoring": "cloudwatch"}


class _AccessDeniedError(ServiceException):
    code = "AccessDeniedException"


@graft
class _Response(BaseResponse):
    def call_action(self) -> TYPE_RESPONSE:
        session = session_of(self.access_key)
        message = None if session is None else _denial(self, session)
        if message is None:
            return _call_action(self)
        _, headers, body = self.serialized(ActionResult(_AccessDeniedError(message)))
        status = 400 if "X-Amz-Target" in self.headers else 403  # 400 in JSON protocols
        return status, headers | {"status": str(status)}, body


@graft
class _Authenticator(ActionAuthenticatorMixin):
    def _authenticate_and_authorize_s3_action(
        self, bucket_name: str | None = None, key_name: str | None = None
    ) -> None:
        request = cast("BaseResponse", self)
        session = session_of(request.access_key)
        path = "/".join(part for part in (bucket_name, key_name) if part)
        if session is not None and not _may(
            request, session, f"s3:{_action(request)}", f"arn:aws:s3:::{path}" if path else None
        ):
            raise S3AccessDeniedError
        _authorize_s3(self, bucket_name, key_name)


def _denial(request: BaseResponse, session: RoleSession) -> str | None:
    """Return the reason why a request is denied, or None if it is allowed."""
    service = request.headers["Authorization"].partition("Credential=")[2].split("/")[3]
    action = f"{_NAMES_IN_POLICIES.get(service, service)}:{_action(request)}"
    if service == "s3" or action == _ALWAYS_ALLOWED:
        return None
    body = _json_body(request)
    resource = _resource(request, service, body)
    if not _may(request, session, action, resource):
        return (
            f"User: {session.arn} is not authorized to perform: {action} on resource:"
            f" {resource or '*'} because no identity-based policy allows the {action} action"
        )
    key_arn = _key_of_secret(request, body) if action in _KEY_ACTIONS else None
    if key_arn is not None and not all(
        _may(request, session, key_action, key_arn, via_service=service)
        for key_action in _KEY_ACTIONS[action]
    ):
        return "Access to KMS is not allowed"
    return None


def _may(
    request: BaseResponse,
    session: RoleSession,
    action: str,
    resource: str | None,
    *,
    via_service: str | None = None,
) -> bool:
    return may(
        role_arn=session.role_arn,
        action=action,
        resource=resource,
        region=request.region,
        function_arn=session.function_arn,
        via_service=via_service,
    )


def _action(request: BaseResponse) -> str:
    return request._get_action()  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001  # the only way to get it


def _json_body(request: BaseResponse) -> dict[str, Any]:
    """Return the parameters of a request in one of AWS's JSON protocols."""
    return json.loads(request.body or "{}") if "X-Amz-Target" in request.headers else {}


def _resource(request: BaseResponse, service: str, body: dict[str, Any]) -> str | None:
    """Return the ARN of the requested resource, or None for services without a rule here."""
    if service == "secretsmanager" and "SecretId" in body:
        secret = _secrets(request).secrets.get(body["SecretId"])
        return str(secret.arn) if secret else body["SecretId"]
    if service == "kms" and "KeyId" in body:
        return _key_arn(request, body["KeyId"])
    if service == "logs" and "logGroupName" in body:
        stream = body.get("logStreamName", "")
        owner = f"{request.region}:{request.current_account}"
        return f"arn:aws:logs:{owner}:log-group:{body['logGroupName']}:log-stream:{stream}"
    return None


def _key_of_secret(request: BaseResponse, body: dict[str, Any]) -> str | None:
    """Return the ARN of a secret's customer managed key.

    None stands for AWS's own key, which all callers in the account may use.
    """
    secret = _secrets(request).secrets.get(body["SecretId"])
    key_id = getattr(secret, "kms_key_id", None)
    if key_id is None or key_id == SecretsManagerBackend.DEFAULT_KMS_KEY_ALIAS:
        return None
    return _key_arn(request, key_id)


def _key_arn(request: BaseResponse, key_id: str) -> str:
    keys = kms_backends[request.current_account][request.region]
    key = keys.keys.get(keys.any_id_to_key_id(key_id))
    return key.arn if key else key_id


def _secrets(request: BaseResponse) -> SecretsManagerBackend:
    return secretsmanager_backends[request.current_account][request.region]
