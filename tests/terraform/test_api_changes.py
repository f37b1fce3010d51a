"""Changes of the API's document: one deployment each, served as documented, then nothing to do."""

import json
from collections.abc import Callable, Generator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import pytest

from commands.shared.served_routes import find_differences, read_served_routes
from local_aws import control
from modules.release.api_document import load_api_document
from modules.service.api_function import ApiFunction
from modules.service.rest_api import RestApi
from modules.settings import load_settings
from modules.stacks import App
from modules.stacks.base import BaseStack
from modules.toolchain import pin_provider
from tests.local_aws.deployed_apis import ECHO, Function, deploy_function
from tests.local_aws.deployed_functions import DeployedFunctions
from tests.local_aws.http_client import Answer, send
from tests.local_aws.user_tokens import Machine, make_machine
from tests.ports import free_port
from tests.terraform.terraform_runs import attempt_terraform, run_terraform

pytestmark = [pytest.mark.local_aws, pytest.mark.terraform]

Document = dict[str, Any]
KEY_ARN = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, kw_only=True)
class _AliasedFunction:
    """What the API needs to know of its function."""

    name: str
    alias_name: str
    alias_invoke_arn: str


@dataclass(kw_only=True)
class _Platform:
    """A stack that has the REST API alone."""

    document: Document
    """The document that is deployed."""

    folder: Path
    server: control.Server
    region: str
    function: Function
    machine: Machine

    @property
    def stack(self) -> Path:
        return next((self.folder / "cdktf.out" / "stacks").iterdir())

    def synthesise(self, document: Document) -> None:
        file = self.folder / "openapi.json"
        file.write_text(json.dumps(document))
        variables = {
            "LOCAL_AWS_URL": self.server.url,
            "LOCAL_AWS_CREDENTIALS_FILE": str(self.server.credentials_file),
        }
        settings = load_settings(environment="local", variables=variables).settings
        app = App(outdir=str(self.folder / "cdktf.out"))
        stack = BaseStack(app, settings=settings, part="service")
        path = f"arn:aws:apigateway:{self.region}:lambda:path/2015-03-31/functions"
        function = _AliasedFunction(
            name=self.function.name,
            alias_name="live",
            alias_invoke_arn=f"{path}/{self.function.alias_arn}/invocations",
        )
        api = RestApi(
            stack,
            "api",
            name=settings.prefix,
            document=load_api_document(file),
            function=cast("ApiFunction", function),
            user_pool_arn=self.machine.pool_arn,
            log_key_arn=KEY_ARN,
            settings=settings.api,
            account_role=None,
        )
        stack.export({"api_id": (api.id, "Id of the REST API")})
        app.synth()
        pin_provider(folder=self.stack)

    def apply(self, document: Document) -> None:
        self.synthesise(document)
        self.document = document
        run_terraform("apply", "-auto-approve", "-input=false", folder=self.stack)

    def plans_nothing(self) -> bool:
        plan = attempt_terraform("plan", "-detailed-exitcode", "-input=false", folder=self.stack)
        return plan.returncode == 0

    @cached_property
    def api_id(self) -> str:
        return json.loads(run_terraform("output", "-json", folder=self.stack))["api_id"]["value"]

    def send(self, method: str, path: str, *, scope: str | None = None, body: str = "") -> Answer:
        headers = [("Authorization", self.machine.token(scope))] if scope else []
        url = f"{self.server.url}/restapis/{self.api_id}/prod/_user_request_{path}"
        return send(method, url, headers=headers, body=body)

    def route(self, method: str, path: str) -> str:
        """Return the resource that a request reaches; `/{proxy+}` is no route of the document."""
        return self.send(method, path).json["resource"]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Generator[_Platform]:
    servers, folder = tmp_path_factory.mktemp("servers"), tmp_path_factory.mktemp("platform")
    server = control.start(port=free_port(), folder=servers)
    region = load_settings(environment="local", variables={}).settings.region
    deployed = DeployedFunctions(server=server, region=region)
    platform = _Platform(
        document=DOCUMENT,
        folder=folder,
        server=server,
        region=region,
        function=deploy_function(deployed, ECHO),
        machine=make_machine(deployed, url=server.url),
    )
    platform.synthesise(DOCUMENT)
    run_terraform("init", "-input=false", folder=platform.stack)
    platform.apply(DOCUMENT)
    yield platform
    assert control.stop(folder=servers)


def _operation(id_: str, *parameters: str, **more: Any) -> Document:  # noqa: ANN401  # as in JSON
    return {
        "operationId": id_,
        "security": [],
        "parameters": [{"name": name, "in": "path", "required": True} for name in parameters],
        **more,
    }


DOCUMENT: Document = {
    "paths": {
        "/health": {"get": _operation("getHealth")},
        "/carts": {"get": _operation("listCarts")},
        "/products/{id}": {"get": _operation("getProduct", "id")},
        "/orders": {
            "post": _operation(
                "createOrder",
                security=[{"userPool": ["shop/orders.write"]}],
                requestBody={
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/NewOrder"}}
                    }
                },
            )
        },
        "/orders/{id}/cancel": {"post": _operation("cancelOrder", "id")},
    },
    "components": {
        "schemas": {
            # Terraform would take ${ and %{ for the start of a template.
            "NewOrder": {
                "type": "object",
                "required": ["note"],
                "properties": {"note": {"type": "string", "pattern": "^[^${}%{}]+$"}},
            }
        },
        "securitySchemes": {
            "userPool": {
                "flows": {
                    "authorizationCode": {
                        "scopes": {"shop/orders.read": "Read", "shop/orders.write": "Write"},
                        "x-scope-clients": {
                            "shop/orders.read": "shop",
                            "shop/orders.write": "shop",
                        },
                    }
                }
            }
        },
    },
}


def _add_a_route(paths: Document) -> None:
    paths["/reviews/{id}"] = {"get": _operation("getReview", "id")}


def _remove_a_route(paths: Document) -> None:
    del paths["/orders/{id}/cancel"]


def _rename_a_route(paths: Document) -> None:
    paths["/baskets"] = paths.pop("/carts")


def _rename_a_parameter(paths: Document) -> None:
    del paths["/products/{id}"]
    paths["/products/{productId}"] = {"get": _operation("getProduct", "productId")}


def _rename_an_operation(paths: Document) -> None:
    paths["/health"]["get"]["operationId"] = "readHealth"


def _change_a_scope(paths: Document) -> None:
    paths["/orders"]["post"]["security"] = [{"userPool": ["shop/orders.read"]}]


def _has_the_new_route(platform: _Platform) -> bool:
    return platform.route("GET", "/reviews/r1") == "/reviews/{id}"


def _has_lost_the_route(platform: _Platform) -> bool:
    return platform.route("POST", "/orders/o1/cancel") == "/{proxy+}"


def _has_the_route_under_its_new_name(platform: _Platform) -> bool:
    reached = [platform.route("GET", path) for path in ("/baskets", "/carts")]
    return reached == ["/baskets", "/{proxy+}"]


def _passes_the_parameter_under_its_new_name(platform: _Platform) -> bool:
    return platform.send("GET", "/products/p1").json["pathParameters"] == {"productId": "p1"}


def _serves_the_renamed_operation(platform: _Platform) -> bool:
    return platform.route("GET", "/health") == "/health"


def _wants_the_new_scope(platform: _Platform) -> bool:
    order = {"method": "POST", "path": "/orders", "body": '{"note":"today"}'}
    statuses = [
        platform.send(**order, scope=f"shop/orders.{scope}").status for scope in ("read", "write")
    ]
    return statuses == [200, 403]


def test_a_body_is_validated_with_the_documents_schema(platform: _Platform) -> None:
    statuses = [
        platform.send("POST", "/orders", scope="shop/orders.write", body=body).status
        for body in ('{"note":"today"}', '{"note":"${"}', "{}")
    ]
    assert statuses == [200, 400, 400]


def test_routes_changed_by_hand_are_reported(platform: _Platform) -> None:
    document = load_api_document(platform.folder / "openapi.json")
    gateway = DeployedFunctions(server=platform.server, region=platform.region).client("apigateway")

    def differences() -> list[str]:
        served = read_served_routes(gateway, api_id=platform.api_id, stage="prod")
        return find_differences(served, document=document)

    assert differences() == []
    api = platform.api_id
    resources = {r["path"]: r["id"] for r in gateway.get_resources(restApiId=api)["items"]}
    gateway.delete_method(restApiId=api, resourceId=resources["/products/{id}"], httpMethod="GET")
    gateway.update_method(
        restApiId=api,
        resourceId=resources["/orders"],
        httpMethod="POST",
        patchOperations=[
            {"op": "add", "path": "/authorizationScopes", "value": "shop/orders.read"}
        ],
    )
    added = {"restApiId": api, "resourceId": resources["/products/{id}"], "httpMethod": "PUT"}
    gateway.put_method(**added, authorizationType="NONE")
    gateway.put_integration(**added, type="MOCK")
    by_hand = gateway.create_deployment(restApiId=api)["id"]
    stage = gateway.get_stage(restApiId=api, stageName="prod")["deploymentId"]
    _point_at(gateway, api, by_hand)
    scopes = (
        "the scopes shop/orders.read, shop/orders.write instead of the scopes shop/orders.write"
    )
    assert differences() == [
        "GET /products/{id} is not served",
        f"POST /orders accepts {scopes}",
        "PUT /products/{id} is not in the document",
    ]
    _point_at(gateway, api, stage)
    assert differences() == []


def _point_at(gateway: Any, api: str, deployment: str) -> None:  # noqa: ANN401  # its types are not installed
    gateway.update_stage(
        restApiId=api,
        stageName="prod",
        patchOperations=[{"op": "replace", "path": "/deploymentId", "value": deployment}],
    )


def test_a_changed_document_changes_import_deployment_and_stage_alone(
    platform: _Platform,
) -> None:
    changed = deepcopy(platform.document)
    changed["paths"]["/news"] = {"get": _operation("listNews")}
    platform.synthesise(changed)
    run_terraform("plan", "-out=plan", "-input=false", folder=platform.stack)
    plan = json.loads(run_terraform("show", "-json", "plan", folder=platform.stack))
    actions = {
        change["type"]: change["change"]["actions"]
        for change in plan["resource_changes"]
        if change["change"]["actions"] != ["no-op"]
    }
    assert actions == {
        "aws_api_gateway_deployment": ["create", "delete"],
        "aws_api_gateway_rest_api_put": ["create", "delete"],
        "aws_api_gateway_stage": ["update"],
    }


@pytest.mark.parametrize(
    ("change", "is_served"),
    [
        (_add_a_route, _has_the_new_route),
        (_remove_a_route, _has_lost_the_route),
        (_rename_a_route, _has_the_route_under_its_new_name),
        (_rename_a_parameter, _passes_the_parameter_under_its_new_name),
        (_rename_an_operation, _serves_the_renamed_operation),
        (_change_a_scope, _wants_the_new_scope),
    ],
)
def test_one_deployment_serves_what_the_document_says(
    platform: _Platform,
    change: Callable[[Document], None],
    is_served: Callable[[_Platform], bool],
) -> None:
    document = deepcopy(platform.document)
    change(document["paths"])
    platform.apply(document)
    assert is_served(platform)
    assert platform.plans_nothing()


def test_a_refused_document_changes_nothing_and_its_correction_is_deployed(
    platform: _Platform,
) -> None:
    document = deepcopy(platform.document)
    document["paths"]["/returns"] = document["paths"].pop("/orders")
    document["paths"]["/products/{sku}/price"] = {"get": _operation("getPrice", "sku")}
    platform.synthesise(document)
    refused = attempt_terraform("apply", "-auto-approve", "-input=false", folder=platform.stack)
    assert refused.returncode == 1
    assert "already has a variable path part" in " ".join(refused.stderr.split())
    assert platform.route("DELETE", "/orders") == "/orders"
    assert platform.route("DELETE", "/returns") == "/{proxy+}"
    assert not platform.plans_nothing()

    del document["paths"]["/products/{sku}/price"]
    platform.apply(document)
    assert platform.route("DELETE", "/orders") == "/{proxy+}"
    assert platform.route("DELETE", "/returns") == "/returns"
    assert platform.plans_nothing()
