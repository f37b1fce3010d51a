"""The Cognito user pool of customers and staff."""

from cdktf_cdktf_provider_aws.cognito_resource_server import (
    CognitoResourceServer,
    CognitoResourceServerScope,
)
from cdktf_cdktf_provider_aws.cognito_user_group import CognitoUserGroup
from cdktf_cdktf_provider_aws.cognito_user_pool import (
    CognitoUserPool,
    CognitoUserPoolAccountRecoverySetting,
    CognitoUserPoolAccountRecoverySettingRecoveryMechanism,
    CognitoUserPoolPasswordPolicy,
    CognitoUserPoolSoftwareTokenMfaConfiguration,
    CognitoUserPoolUserAttributeUpdateSettings,
    CognitoUserPoolUsernameConfiguration,
)
from cdktf_cdktf_provider_aws.cognito_user_pool_client import (
    CognitoUserPoolClient,
    CognitoUserPoolClientTokenValidityUnits,
)
from cdktf_cdktf_provider_aws.cognito_user_pool_domain import CognitoUserPoolDomain
from constructs import Construct

from modules.release.api_document import CLIENTS, Client, ResourceServer
from modules.settings import UserPoolSettings
from modules.shared.account import Account

STAFF = "staff"
"""The group whose members may change products; the API's function looks for it in tokens."""

TOKEN_UNITS = CognitoUserPoolClientTokenValidityUnits(
    access_token="minutes",  # noqa: S106  # a unit
    id_token="minutes",  # noqa: S106
    refresh_token="days",  # noqa: S106
)


class UserPool(Construct):
    """A pool that people join with their e-mail address, and the clients that sign them in.

    Clients are public, because browsers cannot keep a secret: they use the authorization code flow
    with PKCE. An operator creates the clients of machines, which have a secret, so that Terraform's
    state holds no secret.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        resource_server: ResourceServer,
        settings: UserPoolSettings,
    ) -> None:
        """Create the pool.

        Args:
            account: Account whose number makes the pool's domain unique in the region.
            resource_server: Scopes of the API, and the client that may request each.
        """
        super().__init__(scope, id_)
        self._name = name
        self._settings = settings
        pool = self._build_pool()
        self.id = pool.id
        self.arn = pool.arn
        self.issuer = f"https://cognito-idp.{account.region}.amazonaws.com/{self.id}"
        domain = CognitoUserPoolDomain(
            self, "domain", domain=f"{name}-{account.number}", user_pool_id=self.id
        )
        self.sign_in_url = f"https://{domain.domain}.auth.{account.region}.amazoncognito.com"
        CognitoUserGroup(
            self, STAFF, name=STAFF, description="May change products", user_pool_id=self.id
        )
        self._resource_server = resource_server
        self._server = self._build_resource_server()
        self.client_ids = {client: self._build_client(client) for client in CLIENTS}

    def _build_pool(self) -> CognitoUserPool:
        recovery = CognitoUserPoolAccountRecoverySettingRecoveryMechanism(
            name="verified_email", priority=1
        )
        return CognitoUserPool(
            self,
            "pool",
            name=self._name,
            username_attributes=["email"],
            auto_verified_attributes=["email"],
            username_configuration=CognitoUserPoolUsernameConfiguration(case_sensitive=False),
            user_attribute_update_settings=CognitoUserPoolUserAttributeUpdateSettings(
                attributes_require_verification_before_update=["email"]
            ),
            account_recovery_setting=CognitoUserPoolAccountRecoverySetting(
                recovery_mechanism=[recovery]
            ),
            password_policy=CognitoUserPoolPasswordPolicy(
                minimum_length=12,
                require_lowercase=True,
                require_numbers=True,
                require_symbols=False,
                require_uppercase=True,
                temporary_password_validity_days=7,
            ),
            mfa_configuration="OPTIONAL",
            software_token_mfa_configuration=CognitoUserPoolSoftwareTokenMfaConfiguration(
                enabled=True
            ),
            deletion_protection="ACTIVE" if self._settings.deletion_protection else "INACTIVE",
            tags={"Name": self._name},
        )

    def _build_resource_server(self) -> CognitoResourceServer:
        return CognitoResourceServer(
            self,
            "resource-server",
            identifier=self._resource_server.identifier,
            name="Shop API",
            user_pool_id=self.id,
            scope=[
                CognitoResourceServerScope(
                    scope_name=scope.name, scope_description=scope.description
                )
                for scope in self._resource_server.scopes
            ],
        )

    def _build_client(self, client: Client) -> str:
        settings = self._settings
        return CognitoUserPoolClient(
            self,
            f"{client}-client",
            name=f"{self._name}-{client}",
            user_pool_id=self.id,
            generate_secret=False,
            allowed_oauth_flows_user_pool_client=True,
            allowed_oauth_flows=["code"],
            allowed_oauth_scopes=[
                "email",
                "openid",
                *(
                    f"{self._server.identifier}/{scope.name}"
                    for scope in self._resource_server.scopes
                    if scope.client == client
                ),
            ],
            supported_identity_providers=["COGNITO"],
            callback_urls=list(settings.callback_urls),
            logout_urls=list(settings.logout_urls),
            explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH"],
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
            access_token_validity=settings.access_token_minutes,
            id_token_validity=settings.access_token_minutes,
            refresh_token_validity=settings.refresh_token_days,
            token_validity_units=[TOKEN_UNITS],
        ).id
