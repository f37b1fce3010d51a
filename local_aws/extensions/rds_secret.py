"""The managed master user secret; gap of moto 5.2.5.

- Every cluster's secret holds the user `admin` and one well-known password.
"""

import json
import secrets
from typing import cast

from moto.rds.models import DBCluster, MasterUserSecret

from local_aws.extensions.graft import graft

_PASSWORD_BYTES = 24


@graft
class _Secret(MasterUserSecret):
    def _generate_secret_string(self) -> str:
        user = cast("DBCluster", self.resource).master_username
        return json.dumps({"username": user, "password": secrets.token_urlsafe(_PASSWORD_BYTES)})
