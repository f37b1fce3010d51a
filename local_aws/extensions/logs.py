"""CloudWatch Logs; gaps of moto 5.2.5.

- A delivery source or destination is deleted although a delivery uses it.
"""

from moto.logs.exceptions import ConflictException
from moto.logs.models import LogsBackend

from local_aws.graft import graft

_delete_source = LogsBackend.delete_delivery_source
_delete_destination = LogsBackend.delete_delivery_destination


@graft
class _Backend(LogsBackend):
    def delete_delivery_source(self, name: str) -> None:
        if name in {delivery.delivery_source_name for delivery in self.deliveries.values()}:
            raise ConflictException(msg="The delivery source is used by a delivery.")
        _delete_source(self, name)

    def delete_delivery_destination(self, name: str) -> None:
        used = {delivery.delivery_destination_arn for delivery in self.deliveries.values()}
        found = self.delivery_destinations.get(name)
        if found is not None and found.arn in used:
            raise ConflictException(msg="The delivery destination is used by a delivery.")
        _delete_destination(self, name)
