"""RDS clusters and instances; gaps of moto 5.2.5.

- A provisioned or serverless v2 cluster gets an empty serverless v1 configuration.
- The response lacks the settings of Performance Insights.
- ModifyDBCluster ignores IAM authentication and exported logs.
- A new instance has a certificate authority that AWS no longer offers.
- All instances have the same resource id.
- A second cluster of the same name replaces the first, or fails on a backup of the same minute.
- The automated backups of a deleted cluster remain, and block its name for the minute.
"""

from typing import Any, cast

from moto.moto_api._internal import mock_random
from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBCluster, DBInstance, RDSBackend, RDSBaseModel

from local_aws.graft import graft

_init_cluster = DBCluster.__init__
_init_instance = DBInstance.__init__
_create_cluster = RDSBackend.create_db_cluster
_delete_cluster = RDSBackend.delete_db_cluster
_scaling_configuration_info = cast("property", DBCluster.scaling_configuration_info)


@graft
class _Insights(RDSBaseModel):
    """The settings of Performance Insights, in the base class of clusters and instances."""

    enable_performance_insights: bool = False
    performance_insights_kms_key_id: str | None = None
    performance_insights_retention_period: int | None = None
    database_insights_mode: str = "standard"

    @property
    def performance_insights_enabled(self) -> bool:
        return self.enable_performance_insights

    def keep_insights(self, request: dict[str, Any]) -> None:
        for name in _Insights.__annotations__:
            if request.get(name) is not None:
                setattr(self, name, request[name])


@graft
class _Cluster(DBCluster):
    enabled_cloudwatch_logs_exports: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # as in moto
        _init_cluster(self, *args, **kwargs)
        cast("_Insights", self).keep_insights(kwargs)

    @property
    def scaling_configuration_info(self) -> dict[str, Any] | None:  # pyright: ignore[reportIncompatibleMethodOverride]  # AWS omits it
        if self.scaling_configuration is None:
            return None
        return _scaling_configuration_info.__get__(self)

    # moto applies a modification by setting an attribute for each parameter of the request.

    @property
    def enable_iam_database_authentication(self) -> bool:
        return self.iam_auth

    @enable_iam_database_authentication.setter
    def enable_iam_database_authentication(self, value: bool) -> None:
        self.iam_auth = value

    @property
    def cloudwatch_logs_export_configuration(self) -> None:
        message = "write only property"
        raise NotImplementedError(message)

    @cloudwatch_logs_export_configuration.setter
    def cloudwatch_logs_export_configuration(self, change: dict[str, list[str]]) -> None:
        off = change.get("DisableLogTypes") or []
        kept = [log for log in self.enabled_cloudwatch_logs_exports if log not in off]
        self.enabled_cloudwatch_logs_exports = kept + (change.get("EnableLogTypes") or [])


@graft
class _Instance(DBInstance):
    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # as in moto
        _init_instance(self, *args, **({"ca_certificate_identifier": "rds-ca-rsa2048-g1"} | kwargs))
        cast("_Insights", self).keep_insights(kwargs)
        self.dbi_resource_id = f"db-{mock_random.get_random_string(26).upper()}"


@graft
class _Clusters(RDSBackend):
    def create_db_cluster(self, kwargs: dict[str, Any]) -> DBCluster:
        if kwargs["db_cluster_identifier"] in self.clusters:
            code, message = "DBClusterAlreadyExistsFault", "DB Cluster already exists"
            raise RDSClientError(code, message)
        return _create_cluster(self, kwargs)

    def delete_db_cluster(
        self, cluster_identifier: str, snapshot_name: str | None = None
    ) -> DBCluster:
        cluster = _delete_cluster(self, cluster_identifier, snapshot_name)
        for name, snapshot in list(self.cluster_snapshots.items()):
            if (snapshot.db_cluster_identifier, snapshot.snapshot_type) == (
                cluster_identifier,
                "automated",
            ):
                del self.cluster_snapshots[name]
        return cluster
