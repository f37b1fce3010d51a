"""The service stack: what changes at every release."""

from constructs import Construct

from modules.data.user_pool import STAFF
from modules.release import Release
from modules.service.administration_function import AdministrationFunction
from modules.service.alias_scaling import list_alias_scaling
from modules.service.api_account_role import ApiAccountRole
from modules.service.api_function import ApiFunction
from modules.service.credential_rotation import CredentialRotation
from modules.service.forgotten_parts import list_api_parts
from modules.service.image_function import FunctionContext
from modules.service.load_balancer import LoadBalancer
from modules.service.published_image import PublishedImage
from modules.service.rest_api import RestApi
from modules.settings import Settings
from modules.shared.web_acl import WebAcl
from modules.stacks.base import BaseStack, Outputs
from modules.stacks.data import Data
from modules.stacks.foundation import Foundation


class Service(BaseStack):
    """The API's function, its REST API and load balancer, and the administration function."""

    def __init__(
        self,
        scope: Construct,
        *,
        settings: Settings,
        foundation: Foundation,
        data: Data,
        release: Release,
    ) -> None:
        super().__init__(scope, settings=settings, part="service")
        name = settings.prefix
        context = FunctionContext(
            account=self.account,
            network=foundation.network,
            endpoints=foundation.endpoints,
            image=PublishedImage(
                self,
                "image-published-by-make-image",
                repository=foundation.repository,
                tag=release.image_tag,
            ),
            key_arn=foundation.application_key.arn,
            log_key_arn=foundation.log_key.arn,
        )
        self.administration = AdministrationFunction(
            self,
            "administration-function",
            name=name,
            context=context,
            cluster=data.administration_access,
            proxy=data.access if data.proxy else None,
            credential=data.credential,
            settings=settings.administration,
        )
        CredentialRotation(
            self,
            "credential-rotation",
            name=name,
            account=self.account,
            administration=self.administration,
            days=settings.administration.rotation_days,
        )
        self.function = ApiFunction(
            self,
            "api-function",
            name=name,
            context=context,
            database=data.access,
            token_issuer=data.user_pool.issuer,
            staff_group=STAFF,
            migration=self.administration.migration,
            settings=settings.function,
        )
        self.forget(*list_alias_scaling(self, settings=settings.function))
        account_role = (
            ApiAccountRole(self, "api-account-role", name=name, account=self.account)
            if settings.manages_api_account_role
            else None
        )
        self.api = RestApi(
            self,
            "api",
            name=name,
            document=release.api,
            function=self.function,
            user_pool_arn=data.user_pool.arn,
            log_key_arn=foundation.log_key.arn,
            settings=settings.api,
            account_role=account_role.dependable if account_role else None,
        )
        self.forget(*list_api_parts(release.api))
        self.load_balancer = LoadBalancer(
            self,
            "load-balancer",
            name=name,
            network=foundation.network,
            function=self.function,
            log_bucket=foundation.log_archive.bucket_name,
            settings=settings.load_balancer,
        )
        # Clients that call the API's own address must not bypass the firewall.
        self.web_acl = WebAcl(
            self,
            "api-firewall",
            provider=self.provider,
            name=f"{name}-api",
            protects="REGIONAL",
            account=self.account,
            settings=settings.firewall,
            log_key_arn=foundation.log_key.arn,
            resource_arn=self.api.stage_arn,
        )
        self.export(self._outputs(release))

    def _outputs(self, release: Release) -> Outputs:
        function, administration = self.function, self.administration
        api, balancer = self.api, self.load_balancer
        return {
            "image_tag": (release.image_tag, "Tag of the image that runs"),
            "function_name": (function.name, "Name of the function"),
            "function_arn": (function.arn, "ARN of the function"),
            "function_alias_arn": (function.alias_arn, "ARN of its alias `live`"),
            "function_security_group_id": (
                function.security_group_id,
                "Id of the function's security group",
            ),
            "function_log_group": (function.log_group.name, "Function's log group"),
            "administration_function_name": (
                administration.name,
                "Name of the function that migrates and rotates",
            ),
            "administration_function_arn": (
                administration.arn,
                "ARN of the function that migrates and rotates",
            ),
            "administration_security_group_id": (
                administration.security_group_id,
                "Id of the security group of the function that migrates and rotates",
            ),
            "administration_log_group": (
                administration.log_group.name,
                "Log group of the function that migrates and rotates",
            ),
            "api_id": (api.id, "Id of the REST API"),
            "api_name": (api.name, "Name of the REST API"),
            "api_stage_name": (api.stage_name, "Name of its stage"),
            "api_stage_arn": (api.stage_arn, "ARN of its stage"),
            "api_url": (api.url, "Address of the stage"),
            "api_access_log_group": (api.access_log_group.name, "Access logs' group"),
            "api_execution_log_group": (api.execution_log_group.name, "Execution logs' group"),
            "load_balancer_arn": (balancer.arn, "ARN of the load balancer"),
            "load_balancer_dns_name": (
                balancer.dns_name,
                "Host name of the load balancer, inside the VPC only",
            ),
            "load_balancer_security_group_id": (
                balancer.security_group_id,
                "Id of the load balancer's security group",
            ),
            "api_web_acl_arn": (self.web_acl.arn, "ARN of the API's web ACL"),
            "api_web_acl_log_group": (
                self.web_acl.log_group.name,
                "Log group of the API's web ACL",
            ),
        }
