"""Associations of route tables; a gap of moto 5.2.5.

- A subnet that is associated with one route table is associated with another one too.
"""

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.route_tables import RouteBackend

from local_aws.graft import graft

_associate_route_table = RouteBackend.associate_route_table


class _AlreadyAssociatedError(EC2ClientError):
    def __init__(self, table: str) -> None:
        super().__init__(
            "Resource.AlreadyAssociated",
            f"the specified association for route table {table} conflicts with an existing "
            "association",
        )


@graft
class _RouteTables(RouteBackend):
    def associate_route_table(
        self, route_table_id: str, gateway_id: str | None = None, subnet_id: str | None = None
    ) -> str:
        for table in self.route_tables.values():
            if subnet_id and table.id != route_table_id and subnet_id in _subnets_of(table):
                raise _AlreadyAssociatedError(route_table_id)
        return _associate_route_table(self, route_table_id, gateway_id, subnet_id)


def _subnets_of(table: object) -> list[str]:
    associations: dict[str, str] = vars(table)["_associations"]
    return list(associations.values())
