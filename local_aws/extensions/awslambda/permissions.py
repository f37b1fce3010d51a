"""Permissions of Lambda functions; a gap of moto 5.2.5.

- Two permissions of a function or an alias get the same statement id.
"""

import json
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend

from local_aws.graft import graft

_add_permission = LambdaBackend.add_permission


class _StatementExistsError(LambdaClientError):
    def __init__(self, sid: str) -> None:
        super().__init__(
            "ResourceConflictException",
            f"The statement id ({sid}) provided already exists. Please provide a new statement id,"
            " or remove the existing statement.",
        )


@graft
class _Backend(LambdaBackend):
    def add_permission(self, function_name: str, qualifier: str, raw: str) -> dict[str, Any]:
        sid = json.loads(raw)["StatementId"]
        for statement in self.get_function(function_name, qualifier).policy.statements:
            # A permission of an alias names the alias in its resource.
            alias = statement["Resource"].split(":")[7:]
            if statement["Sid"] == sid and alias == ([qualifier] if qualifier else []):
                raise _StatementExistsError(sid)
        return _add_permission(self, function_name, qualifier, raw)
