"""The Lambda function that administers the database: migrations and the API's credential."""

import json

from cdktf_cdktf_provider_aws.lambda_invocation import LambdaInvocation
from constructs import Construct

from modules.data.database_access import DatabaseAccess, read_secret, write_secret
from modules.data.database_credential import LOGINS, DatabaseCredential
from modules.service.image_function import FunctionContext, FunctionLimits, ImageFunction
from modules.settings import AdministrationSettings
from review.limits import awslambda

COMMAND = "administration.handler"
TIMEOUT_SECONDS = awslambda.TIMEOUT_SECONDS[1]
"""The longest that Lambda allows (Lambda Developer Guide, Lambda quotas). A paused cluster resumes
within two minutes and a new proxy accepts the first credential within ten; the rest is for
migrations. Split longer ones over several releases.

Terraform's provider sets no limit to the time that an invocation takes."""

CONNECT_TIMEOUT_SECONDS = 30
"""A paused cluster takes some 15 s to resume (Aurora User Guide, Scaling to zero ACUs)."""

MEMORY_MIB = 512


class AdministrationFunction(Construct):
    """The only code that may use the database's master user; from the same image as the API.

    Terraform invokes its migrations whenever the image changes. Resources that need the new schema
    depend on `migration`: if it fails, the release stops and the old version goes on serving.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        context: FunctionContext,
        cluster: DatabaseAccess,
        proxy: DatabaseAccess | None,
        credential: DatabaseCredential,
        settings: AdministrationSettings,
    ) -> None:
        """Create the function, and invoke its migrations.

        Args:
            name: Prefix of the function's name.
            cluster: The cluster itself, with the master user's credential.
            proxy: The proxy that the API connects to, if there is one.
            credential: Secrets that take the API's users and passwords.
        """
        super().__init__(scope, id_)
        account = context.account
        secrets = [credential.arn, *credential.proxy_arns]
        self._function = ImageFunction(
            self,
            "function",
            prefix=name,
            role="administration",
            description="Database administration",
            context=context,
            databases={"database": cluster} | ({"proxy": proxy} if proxy else {}),
            command=COMMAND,
            variables={
                "DATABASE_WRITER_HOST": cluster.writer_host,
                "DATABASE_PORT": str(cluster.port),
                "DATABASE_NAME": cluster.database_name,
                "DATABASE_CONNECT_TIMEOUT_SECONDS": str(CONNECT_TIMEOUT_SECONDS),
                "MASTER_SECRET_ARN": cluster.secret_arn,
                "API_SECRET_ARN": credential.arn,
                "API_DATABASE_LOGINS": ",".join(LOGINS),
                # A new credential is tried where the API will use it.
                "API_DATABASE_HOST": (proxy or cluster).writer_host,
                "API_DATABASE_PORT": str((proxy or cluster).port),
                **({"PROXY_SECRET_ARNS": ",".join(credential.proxy_arns)} if proxy else {}),
            },
            statements=[
                *read_secret(
                    account=account,
                    # A rotation reads the API's secret too, and leaves the user in it unchanged.
                    secret_arns=[cluster.secret_arn, *secrets],
                    key_arn=cluster.key_arn,
                ),
                *write_secret(account=account, secret_arns=secrets, key_arn=cluster.key_arn),
            ],
            limits=FunctionLimits(
                timeout_seconds=TIMEOUT_SECONDS,
                memory_mib=MEMORY_MIB,
                log_retention_days=settings.log_retention_days,
            ),
        )
        self.name = self._function.name
        self.arn = self._function.arn
        self.log_group = self._function.log_group
        self.security_group_id = self._function.security_group_id
        self.migration = LambdaInvocation(
            self,
            "migration",
            function_name=self.name,
            # A new image makes a new version, which makes a new invocation.
            qualifier=self._function.version,
            input=json.dumps({"action": "migrate", "sampleData": settings.sample_data}),
            depends_on=self._function.network_rules,
        )
