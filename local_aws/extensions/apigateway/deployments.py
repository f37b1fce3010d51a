"""Deployments of REST APIs; gaps of moto 5.2.5.

- A deployment keeps no snapshot of the API, so later changes would be served at once.
- A deployment is deleted although a stage points at it.
"""

from typing import Any, cast

from moto.apigateway.exceptions import BadRequestException
from moto.apigateway.models import Deployment, RestAPI

from local_aws.extensions.apigateway.snapshot import Snapshot, take_snapshot
from local_aws.graft import graft

_create_deployment = RestAPI.create_deployment
_delete_deployment = RestAPI.delete_deployment


@graft
class _Deployment(Deployment):
    snapshot: Snapshot | None = None


@graft
class _RestApi(RestAPI):
    def create_deployment(
        self,
        name: str,
        description: str,
        stage_variables: Any = None,  # noqa: ANN401  # as in moto
    ) -> Deployment:
        deployment = cast(
            "_Deployment", _create_deployment(self, name, description, stage_variables)
        )
        deployment.snapshot = take_snapshot(self)
        return deployment

    def delete_deployment(self, deployment_id: str) -> Deployment:
        if any(stage.deployment_id == deployment_id for stage in self.stages.values()):
            message = "Active stages pointing to this deployment must be moved or deleted"
            raise BadRequestException(message)
        return _delete_deployment(self, deployment_id)


def snapshot_of(deployment: Deployment) -> Snapshot:
    """Return the snapshot of the API that a deployment serves.

    Raises:
        LookupError: The deployment was made before this extension was applied.
    """
    snapshot = cast("_Deployment", deployment).snapshot
    if snapshot is None:
        message = f"Deployment {deployment.id} has no snapshot of its API."
        raise LookupError(message)
    return snapshot
