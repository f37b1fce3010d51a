"""Reads the secrets of an RDS Proxy with the permissions of its role.

RDS Proxy assumes the role without the condition keys `aws:SourceAccount` and `aws:SourceArn`, so it
cannot assume a role that demands one (Aurora User Guide, RDS Proxy limitations).
"""

import json
from functools import partial
from typing import Any, cast

from moto.kms.models import kms_backends
from moto.rds.models import DBProxy
from moto.secretsmanager.models import SecretsManagerBackend, secretsmanager_backends

from local_aws.execution.roles import may, trusts
from local_aws.service_principals import RDS

_SENT_BY_PROXY = {"aws:sourceaccount": None, "aws:sourcearn": None}


class NoCredentialError(Exception):
    """The proxy cannot read a credential from a secret."""


def read_credential(proxy: DBProxy, secret_arn: str) -> dict[str, str]:
    """Return `username` and `password` of a secret.

    Raises:
        NoCredentialError: The role may not read the secret, or it contains no credential.
    """
    vault = secretsmanager_backends[proxy.account_id][proxy.region]
    secret = cast("Any", vault.secrets.get(secret_arn))
    if secret is None or not trusts(role_arn=proxy.role_arn, service=RDS, context=_SENT_BY_PROXY):
        raise NoCredentialError
    permitted = partial(may, role_arn=proxy.role_arn, region=proxy.region)
    if not permitted(action="secretsmanager:GetSecretValue", resource=secret.arn):
        raise NoCredentialError
    if secret.kms_key_id not in (None, SecretsManagerBackend.DEFAULT_KMS_KEY_ALIAS):
        key = _key_arn(proxy, secret.kms_key_id)
        if not permitted(action="kms:Decrypt", resource=key, via_service="secretsmanager"):
            raise NoCredentialError
    try:
        content = json.loads(secret.versions[secret.default_version_id]["secret_string"])
        return {name: str(content[name]) for name in ("username", "password")}
    except (KeyError, TypeError, ValueError) as error:
        raise NoCredentialError from error


def _key_arn(proxy: DBProxy, key_id: str) -> str:
    keys = kms_backends[proxy.account_id][proxy.region]
    key = keys.keys.get(keys.any_id_to_key_id(key_id))
    return key.arn if key else key_id
