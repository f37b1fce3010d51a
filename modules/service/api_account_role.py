"""The account's one role for API Gateway's logs."""

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.api_gateway_account import ApiGatewayAccount
from constructs import Construct

from modules.shared.account import Account
from modules.shared.iam import ServiceRole
from modules.shared.service_principals import API_GATEWAY


class ApiAccountRole(Construct):
    """A role that lets API Gateway write logs, and the account's setting that names the role.

    Each account and region has one such setting, so at most one environment may own it (API Gateway
    API Reference, UpdateAccount). Destroying it deletes the role, but the setting still names the
    role until another environment sets its own: the provider's argument to reset it is deprecated.
    """

    def __init__(self, scope: Construct, id_: str, *, name: str, account: Account) -> None:
        super().__init__(scope, id_)
        role = ServiceRole(
            self,
            "role",
            name=f"{name}-api-gateway",
            services=[API_GATEWAY],
            description="Writes API Gateway's logs",
            managed_policies=[
                account.managed_policy("service-role/AmazonAPIGatewayPushToCloudWatchLogs")
            ],
        )
        self.dependable: ITerraformDependable = ApiGatewayAccount(
            self,
            "account",
            cloudwatch_role_arn=role.arn,
            depends_on=role.grants,
        )
