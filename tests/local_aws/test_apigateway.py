"""REST APIs: created and changed settings are returned."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.local_aws

LAMBDA = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions"


@pytest.fixture
def gateway(connect: Callable[..., Any]) -> Any:  # noqa: ANN401  # its types are not installed
    return connect("apigateway", region="eu-west-1")


def _patch(*operations: tuple[str, str] | tuple[str, str, str]) -> list[dict[str, str]]:
    return [dict(zip(("op", "path", "value"), operation, strict=False)) for operation in operations]


def test_an_api_returns_its_settings_and_later_changes(
    gateway: Any,  # noqa: ANN401
) -> None:
    api = gateway.create_rest_api(name="shop", binaryMediaTypes=["image/png", "font/woff2"])["id"]
    assert gateway.get_rest_api(restApiId=api)["binaryMediaTypes"] == ["image/png", "font/woff2"]

    gateway.update_rest_api(
        restApiId=api,
        patchOperations=_patch(
            ("remove", "/binaryMediaTypes/font~1woff2"),
            ("add", "/binaryMediaTypes/image~1*"),
            ("replace", "/minimumCompressionSize", "1024"),
            ("replace", "/disableExecuteApiEndpoint", "false"),
            ("replace", "/description", "The shop"),
        ),
    )
    kept = gateway.get_rest_api(restApiId=api)
    assert kept["binaryMediaTypes"] == ["image/png", "image/*"]
    assert kept["minimumCompressionSize"] == 1024
    assert kept["disableExecuteApiEndpoint"] is False
    assert kept["description"] == "The shop"


def test_an_authorizer_is_changed(gateway: Any) -> None:  # noqa: ANN401
    api = gateway.create_rest_api(name="shop")["id"]
    pool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_"
    made = gateway.create_authorizer(
        restApiId=api,
        name="people",
        type="COGNITO_USER_POOLS",
        providerARNs=[f"{pool}a", f"{pool}b"],
        identitySource="method.request.header.Authorization",
        identityValidationExpression="Bearer .*",
    )
    assert made["identityValidationExpression"] == "Bearer .*"
    gateway.update_authorizer(
        restApiId=api,
        authorizerId=made["id"],
        patchOperations=_patch(
            ("remove", "/providerARNs", f"{pool}a"),
            ("add", "/providerARNs", f"{pool}c"),
            ("replace", "/authorizerResultTtlInSeconds", "0"),
        ),
    )
    kept = gateway.get_authorizer(restApiId=api, authorizerId=made["id"])
    assert kept["providerARNs"] == [f"{pool}b", f"{pool}c"]
    assert kept["authorizerResultTtlInSeconds"] == 0


def test_resource_method_and_integration_are_changed(gateway: Any) -> None:  # noqa: ANN401
    api = gateway.create_rest_api(name="shop")
    orders = gateway.create_resource(
        restApiId=api["id"], parentId=api["rootResourceId"], pathPart="order"
    )
    gateway.update_resource(
        restApiId=api["id"],
        resourceId=orders["id"],
        patchOperations=_patch(("replace", "/pathPart", "orders")),
    )
    method = {"restApiId": api["id"], "resourceId": orders["id"], "httpMethod": "POST"}
    gateway.put_method(
        **method,
        authorizationType="NONE",
        requestParameters={"method.request.header.If-Match": False},
    )
    gateway.put_integration(
        **method,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"{LAMBDA}/arn:aws:lambda:eu-west-1:123456789012:function:one/invocations",
    )
    gateway.update_method(
        **method,
        patchOperations=_patch(
            ("replace", "/authorizationType", "COGNITO_USER_POOLS"),
            ("replace", "/authorizerId", "a1"),
            ("add", "/authorizationScopes", "shop/orders.write"),
            ("add", "/authorizationScopes", "shop/orders.read"),
            ("remove", "/authorizationScopes", "shop/orders.write"),
            ("add", "/requestModels/application~1json", "Order"),
            ("remove", "/requestParameters/method.request.header.If-Match"),
            ("add", "/requestParameters/method.request.header.Idempotency-Key", "true"),
        ),
    )
    gateway.update_integration(
        **method, patchOperations=_patch(("replace", "/timeoutInMillis", "28000"))
    )

    assert gateway.get_resource(restApiId=api["id"], resourceId=orders["id"])["path"] == "/orders"
    kept = gateway.get_method(**method)
    assert kept["authorizationType"] == "COGNITO_USER_POOLS"
    assert kept["authorizationScopes"] == ["shop/orders.read"]
    assert kept["requestModels"] == {"application/json": "Order"}
    assert kept["requestParameters"] == {"method.request.header.Idempotency-Key": True}
    assert kept["methodIntegration"]["timeoutInMillis"] == 28_000
    with pytest.raises(gateway.exceptions.BadRequestException, match="/nonsense"):
        gateway.update_method(**method, patchOperations=_patch(("replace", "/nonsense", "1")))


def test_a_model_and_a_deployment_are_changed(gateway: Any) -> None:  # noqa: ANN401
    made = gateway.create_rest_api(name="shop")
    api = made["id"]
    gateway.create_model(restApiId=api, name="Order", contentType="application/json", schema="{}")
    gateway.update_model(
        restApiId=api,
        modelName="Order",
        patchOperations=_patch(("replace", "/schema", '{"type":"object"}')),
    )
    root = {"restApiId": api, "resourceId": made["rootResourceId"], "httpMethod": "GET"}
    gateway.put_method(**root, authorizationType="NONE")
    gateway.put_integration(**root, type="MOCK")
    deployment = gateway.create_deployment(restApiId=api, description="first")["id"]
    gateway.update_deployment(
        restApiId=api,
        deploymentId=deployment,
        patchOperations=_patch(("replace", "/description", "the first")),
    )
    kept = gateway.get_deployment(restApiId=api, deploymentId=deployment)
    assert gateway.get_model(restApiId=api, modelName="Order")["schema"] == '{"type":"object"}'
    assert kept["description"] == "the first"


def test_a_deployment_that_a_stage_points_at_stays(gateway: Any) -> None:  # noqa: ANN401
    made = gateway.create_rest_api(name="shop")
    root = {"restApiId": made["id"], "resourceId": made["rootResourceId"], "httpMethod": "GET"}
    gateway.put_method(**root, authorizationType="NONE")
    gateway.put_integration(**root, type="MOCK")
    deployment = gateway.create_deployment(restApiId=made["id"])["id"]
    gateway.create_stage(restApiId=made["id"], stageName="prod", deploymentId=deployment)
    with pytest.raises(gateway.exceptions.BadRequestException, match="Active stages"):
        gateway.delete_deployment(restApiId=made["id"], deploymentId=deployment)
    gateway.delete_stage(restApiId=made["id"], stageName="prod")
    gateway.delete_deployment(restApiId=made["id"], deploymentId=deployment)
