"""The Lambda function that runs the API's container image."""

import json

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lambda_alias import LambdaAlias
from cdktf_cdktf_provider_aws.lambda_invocation import LambdaInvocation
from constructs import Construct

from modules.data.database_access import DatabaseAccess, read_secret
from modules.service import shop_metrics
from modules.service.image_function import FunctionContext, FunctionLimits, ImageFunction
from modules.service.provisioned_concurrency import ProvisionedConcurrency
from modules.settings import FunctionSettings
from modules.settings.service import DATABASE_TRANSACTION_SECONDS

ALIAS = "live"

READINESS_CHECK = {
    "check": {
        "httpMethod": "GET",
        "path": "/health/ready",
        "headers": {},
        "requestContext": {"requestId": "release"},
        "body": None,
        "isBase64Encoded": False,
    }
}
"""Event by which a release checks a new version; see `container/src/release-check.ts`."""


class ApiFunction(Construct):
    """The API's function, and the alias `live` on its newest version.

    The alias moves to a new version after the version has answered that it is ready, and after its
    provisioned concurrency, if there is any, is ready too. If that fails, the release stops and the
    old version goes on serving.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        context: FunctionContext,
        database: DatabaseAccess,
        token_issuer: str,
        staff_group: str,
        migration: ITerraformDependable,
        settings: FunctionSettings,
    ) -> None:
        """Create the function.

        Args:
            name: Prefix of the function's name.
            database: Database or proxy, with a credential of the API's own.
            token_issuer: Issuer of the tokens that the function accepts.
            staff_group: Group of the pool whose members may change products.
            migration: Invocation that migrates the schema; a new version is checked after it.
        """
        super().__init__(scope, id_)
        function = ImageFunction(
            self,
            "function",
            prefix=name,
            role="api",
            description="The e-commerce API",
            context=context,
            databases={"database": database},
            variables={
                "DATABASE_WRITER_HOST": database.writer_host,
                "DATABASE_READER_HOST": database.reader_host,
                "DATABASE_PORT": str(database.port),
                "DATABASE_NAME": database.database_name,
                "DATABASE_SECRET_ARN": database.secret_arn,
                "DATABASE_POOL_SIZE": str(settings.connections_per_instance),
                "DATABASE_CONNECT_TIMEOUT_SECONDS": str(settings.connect_timeout_seconds),
                "DATABASE_TRANSACTION_SECONDS": str(DATABASE_TRANSACTION_SECONDS),
                "DATABASE_BUDGET_SECONDS": str(settings.database_budget_seconds),
                "USER_POOL_ISSUER": token_issuer,
                "STAFF_GROUP": staff_group,
                "POWERTOOLS_METRICS_NAMESPACE": shop_metrics.NAMESPACE,
            },
            statements=read_secret(
                account=context.account,
                secret_arns=[database.secret_arn],
                key_arn=database.key_arn,
            ),
            limits=FunctionLimits(
                timeout_seconds=settings.timeout_seconds,
                memory_mib=settings.memory_mib,
                reserved_concurrency=settings.reserved_concurrency,
                log_level=settings.log_level,
                log_retention_days=settings.log_retention_days,
            ),
        )
        self.log_group = function.log_group
        self.security_group_id = function.security_group_id
        self.name = function.name
        self.arn = function.arn
        self.version = function.version
        # It comes first: a version that fails it leaves no provisioned concurrency behind. Its wait
        # for a connection is long enough for a paused cluster to resume (a rule of the settings).
        check = LambdaInvocation(
            self,
            "readiness-check",
            function_name=self.name,
            # A new version makes a new invocation.
            qualifier=function.version,
            input=json.dumps(READINESS_CHECK),
            depends_on=[migration, *function.network_rules],
            # As what depends on it. Otherwise a release that switches provisioned concurrency off
            # has no possible order.
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        ready: ITerraformDependable = check
        if settings.provisioned_concurrency:
            ready = ProvisionedConcurrency(
                self,
                "provisioned-concurrency",
                function_name=self.name,
                version=function.version,
                depends_on=[check],
                settings=settings.provisioned_concurrency,
            ).last
        alias = LambdaAlias(
            self,
            "alias",
            name=ALIAS,
            description="The version that serves traffic",
            function_name=self.name,
            function_version=function.version,
            depends_on=[ready],
        )
        self.alias_name = alias.name
        self.alias_arn = alias.arn
        self.alias_invoke_arn = alias.invoke_arn
