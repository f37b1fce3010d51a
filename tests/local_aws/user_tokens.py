"""User pools with a machine as client, and its tokens."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from tests.local_aws.deployed_functions import DeployedFunctions
from tests.local_aws.http_client import Answer, send

SCOPES = ("shop/orders.read", "shop/orders.write")
FORM = ("Content-Type", "application/x-www-form-urlencoded")


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A confidential client of a pool."""

    url: str
    pool: str
    pool_arn: str
    id: str
    secret: str

    def ask(self, *headers: tuple[str, str], **form: str) -> Answer:
        """Send a form to the token endpoint."""
        return send(
            "POST", f"{self.url}/oauth2/token", headers=[FORM, *headers], body=urlencode(form)
        )

    def token(self, *scopes: str) -> str:
        """Return an access token."""
        wanted = {"scope": " ".join(scopes)} if scopes else {}
        answer = self.ask(
            grant_type="client_credentials",
            client_id=self.id,
            client_secret=self.secret,
            **wanted,
        )
        return answer.json["access_token"]


def make_machine(
    deployed: DeployedFunctions,
    *,
    url: str,
    scopes: Iterable[str] = SCOPES,
    domain: bool = True,
    **configuration: Any,  # noqa: ANN401  # as boto3 takes it
) -> Machine:
    """Create a pool with a client that may get tokens with these scopes."""
    cognito = deployed.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="people")["UserPool"]
    if domain:
        cognito.create_user_pool_domain(UserPoolId=pool["Id"], Domain=f"people-{uuid4().hex[:8]}")
    options: dict[str, Any] = {
        "GenerateSecret": True,
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": list(scopes),
    }
    client = cognito.create_user_pool_client(
        UserPoolId=pool["Id"], ClientName="machine", **(options | configuration)
    )["UserPoolClient"]
    return Machine(
        url=url,
        pool=pool["Id"],
        pool_arn=pool["Arn"],
        id=client["ClientId"],
        secret=client.get("ClientSecret", ""),
    )
