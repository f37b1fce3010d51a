"""RDS parameter groups; gaps of moto 5.2.5.

- Parameters have no `Source`, so Terraform cannot see which ones a user set.
- ResetDBParameterGroup and ResetDBClusterParameterGroup are missing.
"""

from collections.abc import Iterable
from typing import Any, cast

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBParameterGroupNotFoundError
from moto.rds.models import RDSBackend
from moto.rds.responses import RDSResponse

from local_aws.graft import graft

_Parameters = dict[str, dict[str, Any]]


@graft
class _Backend(RDSBackend):
    def set_parameters(self, *, name: str, of_cluster: bool) -> _Parameters:
        """Return the mutable parameters that a user set in a group, by name."""
        groups = self.db_cluster_parameter_groups if of_cluster else self.db_parameter_groups
        if name not in groups:
            raise DBParameterGroupNotFoundError(name)
        return groups[name].parameters


@graft
class _Response(RDSResponse):
    def _parameters(self, name: str, *, of_cluster: bool) -> _Parameters:
        backend = cast("_Backend", self.backend)
        return backend.set_parameters(name=name, of_cluster=of_cluster)

    def _described(self, parameters: _Parameters) -> ActionResult:
        source = self.params.get("Source") or "user"
        chosen = parameters.values() if source == "user" else ()
        return ActionResult({"Parameters": [{"Source": "user"} | p for p in chosen]})

    def _reset(self, parameters: _Parameters) -> None:
        named: Iterable[dict[str, str]] = self.params.get("Parameters") or ()
        every = self.params.get("ResetAllParameters")
        for name in list(parameters) if every else [p["ParameterName"] for p in named]:
            parameters.pop(name, None)

    def describe_db_parameters(self) -> ActionResult:
        name = self.params["DBParameterGroupName"]
        return self._described(self._parameters(name, of_cluster=False))

    def describe_db_cluster_parameters(self) -> ActionResult:
        name = self.params["DBClusterParameterGroupName"]
        return self._described(self._parameters(name, of_cluster=True))

    def reset_db_parameter_group(self) -> ActionResult:
        name = self.params["DBParameterGroupName"]
        self._reset(self._parameters(name, of_cluster=False))
        return ActionResult({"DBParameterGroupName": name})

    def reset_db_cluster_parameter_group(self) -> ActionResult:
        name = self.params["DBClusterParameterGroupName"]
        self._reset(self._parameters(name, of_cluster=True))
        return ActionResult({"DBClusterParameterGroupName": name})
