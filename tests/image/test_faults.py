"""The bundled functions while their database stops, crashes and restarts."""

import io
import json
import tarfile
import time
import uuid
from collections.abc import Generator
from pathlib import Path
from typing import Any

import boto3
import pytest

from commands.image.plain_image import make_plain_image
from tests.image.node_function import NodeFunction
from tests.image.services import DATABASE, MASTER_USERNAME, Services, running_services

pytestmark = pytest.mark.slow

_CONTAINER = Path(__file__).parents[2] / "container"
_ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE"
_RECOVERY_SECONDS = 30.0


@pytest.fixture(name="bundles", scope="module")
def _bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the unpacked image that has the bundles."""
    folder = tmp_path_factory.mktemp("image")
    layer = make_plain_image(folder=_CONTAINER).layer.content
    with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
        archive.extractall(folder, filter="data")
    return folder / "var" / "task"


@pytest.fixture(name="services", scope="module")
def _services() -> Generator[Services]:
    with running_services() as services:
        yield services


@pytest.fixture(name="environment", scope="module")
def _environment(services: Services) -> dict[str, str]:
    """Return the variables that Terraform would pass to both functions."""
    # The type stubs cover only the services in use, so boto3.client is partly unknown.
    client = boto3.client(  # pyright: ignore[reportUnknownMemberType]
        "secretsmanager",
        endpoint_url=services.environment["AWS_ENDPOINT_URL"],
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  # the embedded AWS accepts any
    )
    master = json.dumps({"username": MASTER_USERNAME, "password": services.master_password})
    master_arn = client.create_secret(Name="master", SecretString=master)["ARN"]
    api_arn = client.create_secret(Name="api")["ARN"]
    client.close()
    return services.environment | {
        "DATABASE_WRITER_HOST": "localhost",
        "DATABASE_READER_HOST": "localhost",
        "DATABASE_PORT": str(services.postgres.port),
        "DATABASE_NAME": DATABASE,
        "DATABASE_SECRET_ARN": api_arn,
        "DATABASE_POOL_SIZE": "2",
        "DATABASE_CONNECT_TIMEOUT_SECONDS": "5",
        "MASTER_SECRET_ARN": master_arn,
        "API_SECRET_ARN": api_arn,
        "API_DATABASE_HOST": "localhost",
        "API_DATABASE_LOGINS": "api_1,api_2",
        "DATABASE_TRANSACTION_SECONDS": "6",
        "DATABASE_BUDGET_SECONDS": "27",
        "USER_POOL_ISSUER": _ISSUER,
        "STAFF_GROUP": "staff",
        "POWERTOOLS_SERVICE_NAME": "api",
        "POWERTOOLS_METRICS_NAMESPACE": "Shop",
    }


@pytest.fixture(name="migrated", scope="module", autouse=True)
def _migrated(services: Services, bundles: Path, environment: dict[str, str]) -> None:
    """Start a migration before the database, as happens while a paused Aurora resumes."""
    services.postgres.stop()
    administration = bundles / "administration.cjs"
    with NodeFunction(bundle=administration, environment=environment) as function:
        migrated = function.start({"action": "migrate", "sampleData": True})
        services.postgres.start()
        assert migrated.result(60)["version"] > 0


@pytest.fixture(name="api")
def _api(bundles: Path, environment: dict[str, str]) -> Generator[NodeFunction]:
    with NodeFunction(bundle=bundles / "api.cjs", environment=environment) as function:
        yield function


def _request(method: str, path: str, **more: object) -> dict[str, object]:
    claims = {
        "sub": "jane",
        "username": "jane",
        "iss": _ISSUER,
        "token_use": "access",
        "scope": "shop/orders.read shop/orders.write",
        "exp": str(int(time.time()) + 3600),
    }
    return {
        "httpMethod": method,
        "path": path,
        "requestContext": {"requestId": "1", "authorizer": {"claims": claims}},
        **more,
    }


def _order(product: str, key: str) -> dict[str, object]:
    return _request(
        "POST",
        "/orders",
        headers={"Idempotency-Key": key, "Content-Type": "application/json"},
        body=json.dumps({"lines": [{"productId": product, "quantity": 1}]}),
    )


def _status(api: NodeFunction, path: str) -> int:
    return api.invoke(_request("GET", path))["statusCode"]


def _await_recovery(api: NodeFunction) -> None:
    deadline = time.monotonic() + _RECOVERY_SECONDS
    while _status(api, "/health/ready") != 200:
        assert time.monotonic() < deadline, "the API does not recover"


def _product(api: NodeFunction) -> dict[str, Any]:
    """Return the product with the largest stock."""
    page = json.loads(api.invoke(_request("GET", "/catalog/products"))["body"])
    return max(page["items"], key=lambda product: product["stock"])


def test_the_api_answers_503_without_a_database_and_recovers_by_itself(
    services: Services, api: NodeFunction
) -> None:
    assert _status(api, "/health/ready") == 200

    services.postgres.kill()
    answers = [
        api.invoke(_request("GET", "/health/ready")),
        api.invoke(_request("GET", "/catalog/products")),
        api.invoke(_order(str(uuid.uuid4()), str(uuid.uuid4()))),
    ]
    healthy = _status(api, "/health")
    services.postgres.start()

    for answer in answers:
        assert answer["statusCode"] == 503
        assert answer["headers"]["content-type"] == "application/problem+json"
        assert int(answer["headers"]["retry-after"]) > 0
    assert healthy == 200
    _await_recovery(api)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_repeated_orders_take_their_pieces_once_when_the_database_ends(
    services: Services, api: NodeFunction, end: str
) -> None:
    product = _product(api)
    keys = [str(uuid.uuid4()) for _ in range(90)]

    # The database ends after some orders were placed, while others are in progress.
    pending = [api.start(_order(product["id"], key)) for key in keys]
    pending[5].result(60)
    getattr(services.postgres, end)()
    answers = [one.result(60) for one in pending]
    services.postgres.start()
    _await_recovery(api)

    statuses = [answer["statusCode"] for answer in answers]
    assert set(statuses) == {201, 503}
    # Clients repeat all orders with the same keys.
    again = [api.invoke(_order(product["id"], key)) for key in keys]
    assert {answer["statusCode"] for answer in again} == {201}
    for first, second in zip(answers, again, strict=True):
        if first["statusCode"] == 201:
            assert json.loads(first["body"]) == json.loads(second["body"])
    left = _product_by_id(api, product["id"])["stock"]
    assert left == product["stock"] - len(keys), "each order should take its piece once"


def test_a_server_with_a_certificate_of_an_unknown_authority_is_refused(
    bundles: Path, environment: dict[str, str]
) -> None:
    untrusting = {k: v for k, v in environment.items() if k != "NODE_EXTRA_CA_CERTS"}

    with NodeFunction(bundle=bundles / "api.cjs", environment=untrusting) as api:
        assert _status(api, "/health/ready") == 503
        assert _status(api, "/health") == 200


def _product_by_id(api: NodeFunction, product: str) -> dict[str, Any]:
    return json.loads(api.invoke(_request("GET", f"/catalog/products/{product}"))["body"])
