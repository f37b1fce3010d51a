"""The token endpoint of user pools."""

import base64
import json
import time
from typing import Any

import pytest
from joserfc import jwk, jwt

from local_aws import control
from tests.local_aws.deployed_functions import DeployedFunctions
from tests.local_aws.http_client import send
from tests.local_aws.user_tokens import FORM, Machine, make_machine

pytestmark = pytest.mark.local_aws

GRANT = "client_credentials"


@pytest.fixture(scope="module")
def deployed(shared_server: control.Server) -> DeployedFunctions:
    return DeployedFunctions(server=shared_server)


@pytest.fixture(scope="module")
def machine(deployed: DeployedFunctions, shared_server: control.Server) -> Machine:
    return make_machine(
        deployed, url=shared_server.url, scopes=["shop/orders.read", "shop/orders.write", "openid"]
    )


def test_a_machine_gets_a_token_signed_by_its_pool(machine: Machine) -> None:
    credentials = base64.b64encode(f"{machine.id}:{machine.secret}".encode()).decode()
    answer = machine.ask(
        ("Authorization", f"Basic {credentials}"), grant_type=GRANT, scope="shop/orders.read"
    )
    assert answer.status == 200
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 3600)
    assert answer.headers["Cache-Control"] == "no-store"

    published = send("GET", f"{machine.url}/{machine.pool}/.well-known/jwks.json")
    keys = jwk.KeySet.import_key_set(json.loads(published.body))
    claims = jwt.decode(answer.json["access_token"], keys).claims
    assert claims.pop("jti")
    issued = claims.pop("iat")
    assert abs(issued - time.time()) < 60
    assert claims == {
        "sub": machine.id,
        "client_id": machine.id,
        "token_use": "access",
        "scope": "shop/orders.read",
        "auth_time": issued,
        "exp": issued + 3600,
        "iss": f"https://cognito-idp.eu-west-1.amazonaws.com/{machine.pool}",
        "version": 2,
    }


def test_a_request_without_scopes_gets_all_scopes_for_machines(machine: Machine) -> None:
    payload = machine.token().split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert claims["scope"] == "shop/orders.read shop/orders.write"


def test_errors_have_the_form_of_oauth(machine: Machine) -> None:
    own = {"client_id": machine.id, "client_secret": machine.secret}
    for form, error in (
        (own, "invalid_request"),
        (own | {"grant_type": "password"}, "unsupported_grant_type"),
        (own | {"grant_type": "authorization_code"}, "unsupported_grant_type"),
        (own | {"grant_type": GRANT, "client_secret": "guessed"}, "invalid_client"),
        (own | {"grant_type": GRANT, "client_id": "absent"}, "invalid_client"),
        (own | {"grant_type": GRANT, "scope": "shop/products.write"}, "invalid_scope"),
        (own | {"grant_type": GRANT, "scope": "openid"}, "invalid_scope"),
    ):
        refused = machine.ask(**form)
        assert (refused.status, refused.json["error"]) == (400, error)
    form = f"grant_type={GRANT}"
    assert send("GET", f"{machine.url}/oauth2/token?{form}").status == 405
    other = send("POST", f"{machine.url}/oauth2/token", body=form)
    assert other.json["error"] == "invalid_request"


def test_a_client_for_people_gets_no_token_from_client_credentials(
    deployed: DeployedFunctions, shared_server: control.Server
) -> None:
    browser: dict[str, Any] = {
        "AllowedOAuthFlows": ["code"],
        "CallbackURLs": ["https://shop.example/"],
    }
    public = make_machine(deployed, url=shared_server.url, GenerateSecret=False, **browser)
    form = {"grant_type": GRANT, "client_id": public.id}
    assert public.ask(**form).json == {"error": "invalid_client"}
    people = make_machine(deployed, url=shared_server.url, **browser)
    secret = {"client_secret": people.secret, "client_id": people.id}
    assert people.ask(**(form | secret)).json == {"error": "unauthorized_client"}


def test_a_pool_without_a_domain_has_no_token_endpoint(
    deployed: DeployedFunctions, shared_server: control.Server
) -> None:
    machine = make_machine(deployed, url=shared_server.url, domain=False)
    refused = machine.ask(grant_type=GRANT, client_id=machine.id, client_secret=machine.secret).json
    assert refused["error"] == "invalid_request"
    assert "has no domain" in refused["error_description"]


def test_malformed_credentials_are_refused(machine: Machine) -> None:
    garbled = [FORM, ("Authorization", "Basic !")]
    refused = send(
        "POST", f"{machine.url}/oauth2/token", headers=garbled, body=f"grant_type={GRANT}"
    )
    assert (refused.status, refused.json) == (400, {"error": "invalid_request"})
