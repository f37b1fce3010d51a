"""The regional REST API in front of the function."""

import json

from cdktf import Fn, ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.api_gateway_deployment import ApiGatewayDeployment
from cdktf_cdktf_provider_aws.api_gateway_method_settings import (
    ApiGatewayMethodSettings,
    ApiGatewayMethodSettingsSettings,
)
from cdktf_cdktf_provider_aws.api_gateway_rest_api import (
    ApiGatewayRestApi,
    ApiGatewayRestApiEndpointConfiguration,
)
from cdktf_cdktf_provider_aws.api_gateway_rest_api_put import ApiGatewayRestApiPut
from cdktf_cdktf_provider_aws.api_gateway_stage import (
    ApiGatewayStage,
    ApiGatewayStageAccessLogSettings,
)
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from modules.release.api_document import ApiDocument
from modules.service.api_definition import ApiDefinition
from modules.service.api_function import ApiFunction
from modules.settings import ApiSettings
from modules.shared.service_principals import API_GATEWAY

_DESCRIPTION = "The e-commerce API"

ACCESS_LOG_FIELDS = {
    "requestId": "$context.requestId",
    "extendedRequestId": "$context.extendedRequestId",
    "requestTime": "$context.requestTime",
    "sourceIp": "$context.identity.sourceIp",
    "userAgent": "$context.identity.userAgent",
    "httpMethod": "$context.httpMethod",
    "resourcePath": "$context.resourcePath",
    "path": "$context.path",
    "protocol": "$context.protocol",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
    "responseLatency": "$context.responseLatency",
    "integrationStatus": "$context.integration.status",
    "integrationLatency": "$context.integration.latency",
    "integrationError": "$context.integration.error",
    "xrayTraceId": "$context.xrayTraceId",
}
"""One JSON object a request (API Gateway Developer Guide, Variables for access logging)."""


class RestApi(Construct):
    """A REST API whose routes lead to the function's alias, and its stage.

    Import, deployment and stage are separate. The import replaces all routes by those of one
    document, or is refused and changes nothing. The deployment is a snapshot of the API; another
    document creates a new one before the old one is deleted. The stage points at it and owns logs
    and limits.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        document: ApiDocument,
        function: ApiFunction,
        user_pool_arn: str,
        log_key_arn: str,
        settings: ApiSettings,
        account_role: ITerraformDependable | None,
    ) -> None:
        """Create the API.

        Args:
            name: Prefix of the API's name.
            document: Operations, models and scopes of the API.
            user_pool_arn: User pool whose tokens are accepted.
            log_key_arn: Key of the log groups.
            account_role: The account's CloudWatch role if this environment manages it. API Gateway
                refuses a stage that logs until the role is set.
        """
        super().__init__(scope, id_)
        self._name = f"{name}-api"
        self._function = function
        self._log_key_arn = log_key_arn
        self._settings = settings
        self._api = ApiGatewayRestApi(
            self,
            "api",
            name=self._name,
            description=_DESCRIPTION,
            endpoint_configuration=ApiGatewayRestApiEndpointConfiguration(types=["REGIONAL"]),
            tags={"Name": self._name},
        )
        self.id = self._api.id
        self.name = self._api.name
        self.execution_arn = self._api.execution_arn
        self._deployment = self._build_deployment(document=document, user_pool_arn=user_pool_arn)
        self.access_log_group = self._build_log_group("access", f"/aws/apigateway/{self._name}")
        # API Gateway writes execution logs to this name and no other.
        self.execution_log_group = self._build_log_group(
            "execution", f"API-Gateway-Execution-Logs_{self.id}/{settings.stage_name}"
        )
        self._stage = self._build_stage(account_role)
        self.stage_name = self._stage.stage_name
        self.stage_arn = self._stage.arn
        self.url = self._stage.invoke_url
        self._limit_and_log()
        LambdaPermission(
            self,
            "invoke-permission",
            statement_id="ApiGateway",
            action="lambda:InvokeFunction",
            principal=API_GATEWAY,
            function_name=function.name,
            qualifier=function.alias_name,
            source_arn=f"{self.execution_arn}/*/*",
        )

    def _build_deployment(
        self, *, document: ApiDocument, user_pool_arn: str
    ) -> ApiGatewayDeployment:
        definition = ApiDefinition(
            name=self._name,
            description=_DESCRIPTION,
            document=document,
            invoke_arn=self._function.alias_invoke_arn,
            user_pool_arn=user_pool_arn,
        )
        # As an argument of the API itself, a refused document would count as imported.
        imported = ApiGatewayRestApiPut(
            self,
            "import",
            rest_api_id=self.id,
            body=definition.render(),
            fail_on_warnings=True,
        )
        return ApiGatewayDeployment(
            self,
            "snapshot",
            rest_api_id=self.id,
            description="A picture of the API; see its stage",
            triggers={"document": Fn.sha256(imported.body)},
            depends_on=[imported],
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )

    def _build_log_group(self, label: str, name: str) -> CloudwatchLogGroup:
        return CloudwatchLogGroup(
            self,
            f"{label}-log-group",
            name=name,
            retention_in_days=self._settings.log_retention_days,
            kms_key_id=self._log_key_arn,
        )

    def _build_stage(self, account_role: ITerraformDependable | None) -> ApiGatewayStage:
        return ApiGatewayStage(
            self,
            "stage",
            rest_api_id=self.id,
            deployment_id=self._deployment.id,
            stage_name=self._settings.stage_name,
            description="The stage that serves traffic",
            xray_tracing_enabled=True,
            access_log_settings=ApiGatewayStageAccessLogSettings(
                destination_arn=self.access_log_group.arn, format=json.dumps(ACCESS_LOG_FIELDS)
            ),
            tags={"Name": f"{self._name}-{self._settings.stage_name}"},
            depends_on=[self.execution_log_group, *([account_role] if account_role else [])],
        )

    def _limit_and_log(self) -> None:
        ApiGatewayMethodSettings(
            self,
            "method-settings",
            rest_api_id=self.id,
            stage_name=self.stage_name,
            method_path="*/*",
            settings=ApiGatewayMethodSettingsSettings(
                logging_level=self._settings.execution_log_level,
                # Bodies hold customers' data; they stay out of the logs.
                data_trace_enabled=False,
                metrics_enabled=True,
                throttling_rate_limit=self._settings.throttling_rate,
                throttling_burst_limit=self._settings.throttling_burst,
            ),
        )
