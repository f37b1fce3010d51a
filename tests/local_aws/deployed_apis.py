"""Deploys REST APIs to an embedded AWS, and sends them requests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.local_aws.deployed_functions import DeployedFunctions
from tests.local_aws.http_client import Answer, send

ECHO = "exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });"
STAGE = "prod"

Method = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function and its alias `live`, which the API invokes."""

    name: str
    alias_arn: str


class RestApi:
    """A REST API; changes take effect with the next `deploy`."""

    def __init__(self, deployed: DeployedFunctions, *, url: str, **configuration: Any) -> None:  # noqa: ANN401  # as boto3 takes it
        self.gateway = deployed.client("apigateway")
        self._deployed = deployed
        made = self.gateway.create_rest_api(name="api", **configuration)
        self.id: str = made["id"]
        self._resources: dict[str, str] = {"": made["rootResourceId"]}
        self._url = f"{url}/restapis/{self.id}/{STAGE}/_user_request_"

    def route(
        self,
        method: str,
        path: str,
        function: Function,
        *,
        timeout: int = 29_000,
        **options: Any,  # noqa: ANN401  # as boto3 takes it
    ) -> None:
        """Create a method that invokes a function."""
        target: dict[str, Any] = {
            "restApiId": self.id,
            "resourceId": self._resource(path),
            "httpMethod": method,
        }
        self.gateway.put_method(**target, **({"authorizationType": "NONE"} | options))
        region = self._deployed.region
        lambda_path = f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions"
        self.gateway.put_integration(
            **target,
            type="AWS_PROXY",
            integrationHttpMethod="POST",
            uri=f"{lambda_path}/{function.alias_arn}/invocations",
            timeoutInMillis=timeout,
        )

    def _resource(self, path: str) -> str:
        path = path.rstrip("/")
        if path not in self._resources:
            parent, _, part = path.rpartition("/")
            made = self.gateway.create_resource(
                restApiId=self.id, parentId=self._resource(parent), pathPart=part
            )
            self._resources[path] = made["id"]
        return self._resources[path]

    def deploy(self, *, variables: Mapping[str, str] | None = None) -> str:
        """Create a deployment, point the stage at it, and return the deployment's id."""
        deployment: str = self.gateway.create_deployment(restApiId=self.id)["id"]
        stages = self.gateway.get_stages(restApiId=self.id)["item"]
        if stages:
            self.change_stage(("/deploymentId", deployment))
        else:
            self.gateway.create_stage(
                restApiId=self.id,
                stageName=STAGE,
                deploymentId=deployment,
                variables=dict(variables or {}),
            )
        return deployment

    def change_stage(self, *values: tuple[str, str]) -> None:
        """Replace settings of the stage."""
        self.gateway.update_stage(
            restApiId=self.id,
            stageName=STAGE,
            patchOperations=[
                {"op": "replace", "path": path, "value": value} for path, value in values
            ],
        )

    def allow(self, function: Function, source: str = "*/*/*") -> None:
        """Let this API invoke the function."""
        account = function.alias_arn.split(":")[4]
        self._deployed.functions.add_permission(
            FunctionName=function.name,
            Qualifier="live",
            StatementId=self.id,
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{self._deployed.region}:{account}:{self.id}/{source}",
        )

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes | str | None = None,
    ) -> Answer:
        """Send a request to the stage."""
        return send(method, self._url + path, headers=headers, body=body)


def deploy_function(deployed: DeployedFunctions, code: str, **configuration: Any) -> Function:  # noqa: ANN401  # as boto3 takes it
    """Deploy a function with an alias `live`."""
    name = deployed.deploy(code, **configuration)
    alias = deployed.functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    return Function(name=name, alias_arn=alias["AliasArn"])
