"""Service: what changes at every release."""

from constructs import Construct

from modules.api_account_role import ApiAccountRole
from modules.api_function import ApiFunction
from modules.provisioned_concurrency import ProvisionedConcurrency
from modules.rest_api import RestApi
from modules.settings import Settings
from modules.stacks.base import BaseStack
from modules.stacks.data import DataStack
from modules.stacks.foundation import FoundationStack


class ServiceStack(BaseStack):
    """The image function, its scaling and the REST API in front of it."""

    def __init__(
        self,
        scope: Construct,
        *,
        settings: Settings,
        foundation: FoundationStack,
        data: DataStack,
        image_tag: str,
    ) -> None:
        super().__init__(scope, settings=settings, part="service")
        name = settings.prefix
        self.function = ApiFunction(
            self,
            "api-function",
            name=name,
            account=self.account,
            network=foundation.network,
            endpoints=foundation.endpoints,
            repository=foundation.repository,
            image_tag=image_tag,
            database=data.access,
            key_arn=foundation.application_key.arn,
            log_key_arn=foundation.log_key.arn,
            settings=settings.function,
        )
        if settings.function.provisioned_concurrency:
            ProvisionedConcurrency(
                self,
                "provisioned-concurrency",
                function=self.function,
                settings=settings.function.provisioned_concurrency,
            )
        account_role = (
            ApiAccountRole(self, "api-account-role", name=name, account=self.account)
            if settings.api.manage_account_role
            else None
        )
        self.api = RestApi(
            self,
            "api",
            name=name,
            function=self.function,
            log_key_arn=foundation.log_key.arn,
            settings=settings.api,
            account_role=account_role.dependable if account_role else None,
        )
        self._export(image_tag)

    def _export(self, image_tag: str) -> None:
        function, api, export = self.function, self.api, self.export
        export("image_tag", image_tag, description="Tag of the image that runs")
        export("function_name", function.name, description="Name of the function")
        export("function_arn", function.arn, description="ARN of the function")
        export("function_alias_arn", function.alias_arn, description="ARN of its alias `live`")
        export(
            "function_security_group_id",
            function.security_group_id,
            description="Id of the function's security group",
        )
        export("function_log_group", function.log_group.name, description="Function's log group")
        export("api_id", api.id, description="Id of the REST API")
        export("api_name", api.name, description="Name of the REST API")
        export("api_stage_name", api.stage_name, description="Name of its stage")
        export("api_stage_arn", api.stage_arn, description="ARN of its stage")
        export("api_url", api.url, description="Address of the stage")
        export("api_access_log_group", api.access_log_group.name, description="Access logs' group")
        export(
            "api_execution_log_group",
            api.execution_log_group.name,
            description="Execution logs' group",
        )
