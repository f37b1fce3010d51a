"""The managed secret of a cluster's master user; gaps of moto 5.2.5.

- The secret of every cluster contains the user `admin` and the same well-known password.
- Rotating the secret empties it.
- A cluster whose secret is managed already gets a second one when a change says so again.
"""

import json
import secrets
from typing import Any
from weakref import WeakValueDictionary

from moto.rds.models import DBCluster, DBInstance, MasterUserSecret, RDSBackend
from moto.secretsmanager.models import SecretsManagerBackend

from local_aws.graft import graft

_PASSWORD_BYTES = 24
_MANAGEMENT = {"manage_master_user_password", "master_user_secret_kms_key_id"}

_init = MasterUserSecret.__init__
_modify = RDSBackend.modify_db_cluster
_rotate = SecretsManagerBackend.rotate_secret
_managed: WeakValueDictionary[str, MasterUserSecret] = WeakValueDictionary()  # by ARN


@graft
class _Secret(MasterUserSecret):
    def __init__(self, resource: DBCluster | DBInstance, kms_key_id: str | None) -> None:
        _init(self, resource, kms_key_id)
        _managed[self.secret.arn] = self

    def _generate_secret_string(self) -> str:
        return _new_content(self)


@graft
class _Rds(RDSBackend):
    def modify_db_cluster(self, kwargs: dict[str, Any]) -> DBCluster:
        cluster = self.clusters.get(kwargs["db_cluster_identifier"])
        managed = cluster is not None and cluster.manage_master_user_password
        if managed and kwargs.get("manage_master_user_password"):
            kwargs = {name: kwargs[name] for name in kwargs.keys() - _MANAGEMENT}
        return _modify(self, kwargs)


@graft
class _SecretsManager(SecretsManagerBackend):
    def rotate_secret(self, secret_id: str, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401  # as in moto
        answer = _rotate(self, secret_id, *args, **kwargs)
        managed = _managed.get(self.secrets[secret_id].arn)
        if managed is not None and kwargs.get("rotate_immediately", True):
            secret = managed.secret
            secret.secret_string = _new_content(managed)
            secret.versions[str(secret.default_version_id)]["secret_string"] = secret.secret_string
        return answer


def resource_of(secret_arn: str) -> DBCluster | DBInstance | None:
    """Return the cluster or instance whose master password a secret holds, if any."""
    managed = _managed.get(secret_arn)
    return None if managed is None else managed.resource


def _new_content(managed: MasterUserSecret) -> str:
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    return json.dumps({"username": managed.resource.master_username, "password": password})
