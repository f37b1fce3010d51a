"""RDS groups that databases use; gaps of moto 5.2.5.

- A second subnet group replaces the first of the same name.
- A subnet group or a parameter group is deleted although a cluster or an instance uses it.
"""

from typing import Any, cast

from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBParameterGroup, DBSubnetGroup, RDSBackend

from local_aws.graft import graft

_create_subnet_group = RDSBackend.create_subnet_group
_delete_subnet_group = RDSBackend.delete_subnet_group
_delete_parameter_group = RDSBackend.delete_db_parameter_group
_delete_cluster_parameter_group = RDSBackend.delete_db_cluster_parameter_group


class _AlreadyExistsError(RDSClientError):
    def __init__(self, name: str) -> None:
        super().__init__("DBSubnetGroupAlreadyExists", f"The DB subnet group {name} exists.")


class _SubnetGroupInUseError(RDSClientError):
    def __init__(self, name: str) -> None:
        super().__init__(
            "InvalidDBSubnetGroupStateFault",
            f"Cannot delete the subnet group '{name}' because at least one database instance or"
            " cluster is still using it.",
        )


class _ParameterGroupInUseError(RDSClientError):
    def __init__(self) -> None:
        super().__init__(
            "InvalidDBParameterGroupState",
            "One or more database instances are still members of this parameter group, so the"
            " group cannot be deleted",
        )


@graft
class _Backend(RDSBackend):
    def create_subnet_group(
        self, subnet_name: str, description: str, subnets: list[Any], tags: list[dict[str, str]]
    ) -> DBSubnetGroup:
        if subnet_name in self.subnet_groups:
            raise _AlreadyExistsError(subnet_name)
        return _create_subnet_group(self, subnet_name, description, subnets, tags)

    def delete_subnet_group(self, subnet_name: str) -> DBSubnetGroup:
        users = [*self.clusters.values(), *self.databases.values()]
        if subnet_name in {cast("Any", user).db_subnet_group_name for user in users}:
            raise _SubnetGroupInUseError(subnet_name)
        return _delete_subnet_group(self, subnet_name)

    def delete_db_parameter_group(self, db_parameter_group_name: str) -> DBParameterGroup:
        used = {cast("Any", it).db_parameter_group_name for it in self.databases.values()}
        if db_parameter_group_name in used:
            raise _ParameterGroupInUseError
        return _delete_parameter_group(self, db_parameter_group_name)

    def delete_db_cluster_parameter_group(self, db_cluster_parameter_group_name: str) -> None:
        used = {cast("Any", it).parameter_group for it in self.clusters.values()}
        if db_cluster_parameter_group_name in used:
            raise _ParameterGroupInUseError
        _delete_cluster_parameter_group(self, db_cluster_parameter_group_name)
