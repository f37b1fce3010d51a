"""A Lambda function that runs a container image in the VPC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.lambda_function import (
    LambdaFunction,
    LambdaFunctionEnvironment,
    LambdaFunctionImageConfig,
    LambdaFunctionLoggingConfig,
    LambdaFunctionTracingConfig,
    LambdaFunctionVpcConfig,
)
from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupTimeouts
from constructs import Construct

from modules.data.database_access import DatabaseAccess
from modules.foundation.network import Network
from modules.foundation.vpc_endpoints import VpcEndpoints
from modules.service.published_image import PublishedImage
from modules.shared.account import Account
from modules.shared.addresses import HTTPS_PORT
from modules.shared.iam import ServiceRole, Statement
from modules.shared.image_functions import FunctionRole, name_function
from modules.shared.security_group import KEPT_DESCRIPTION
from modules.shared.security_group_rules import SecurityGroupRule, allow_https_out, allow_tcp
from modules.shared.service_principals import LAMBDA

ARCHITECTURE = "arm64"
LogLevel = Literal["DEBUG", "INFO"]

DATABASE_TRUST = {
    # Node.js 20 and later images no longer trust Amazon's roots by themselves (Lambda Developer
    # Guide, Building Lambda functions with Node.js).
    "NODE_EXTRA_CA_CERTS": "/var/runtime/ca-cert.pem",
}


@dataclass(frozen=True, kw_only=True)
class FunctionContext:
    """What all functions of the platform share: account, network, image and keys."""

    account: Account
    network: Network
    endpoints: VpcEndpoints
    image: PublishedImage
    key_arn: str
    """Key of the environment variables."""

    log_key_arn: str


@dataclass(frozen=True, kw_only=True)
class FunctionLimits:
    """Limits of a function's time, memory, concurrency and logs."""

    timeout_seconds: int
    memory_mib: int
    log_retention_days: int
    log_level: LogLevel = "INFO"
    """Least severe application log that is kept."""

    reserved_concurrency: int | None = None
    """Most concurrent executions; None for what the account has left."""


class ImageFunction(Construct):
    """A function in private subnets, with its log group, role and security group.

    It reaches the database, the endpoints of AWS services and HTTPS; nothing reaches it but
    Lambda's own invocations. Its role may write its logs and traces, decrypt its variables, and
    what `statements` say.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        prefix: str,
        role: FunctionRole,
        description: str,
        context: FunctionContext,
        databases: Mapping[str, DatabaseAccess],
        variables: Mapping[str, str],
        statements: Sequence[Statement],
        limits: FunctionLimits,
        command: str | None = None,
    ) -> None:
        """Create the function.

        Args:
            prefix: Prefix of the function's name.
            role: What the function is for; the image repository admits it by this.
            databases: Databases that the function connects to, by label.
            variables: Environment variables.
            statements: Permissions of the function's IAM role beside logs and traces.
            command: Handler that replaces the image's own; None keeps the image's.
        """
        super().__init__(scope, id_)
        name = name_function(role, prefix=prefix)
        self._name = name
        self._context = context
        self.log_group = CloudwatchLogGroup(
            self,
            "log-group",
            name=f"/aws/lambda/{name}",
            retention_in_days=limits.log_retention_days,
            kms_key_id=context.log_key_arn,
        )
        self.security_group_id = self._build_security_group(description)
        self.network_rules = self._build_network_rules(databases, description)
        """Security group rules that the function needs to reach anything."""

        account = context.account
        service_role = ServiceRole(
            self,
            "role",
            name=name,
            services=[LAMBDA],
            description=description,
            # Lets Lambda create the network interfaces of a function in a VPC.
            managed_policies=[account.managed_policy("service-role/AWSLambdaENIManagementAccess")],
            statements=[*self._build_statements(), *statements],
        )
        self.function = LambdaFunction(
            self,
            "function",
            function_name=name,
            description=description,
            package_type="Image",
            image_uri=context.image.uri,
            image_config=LambdaFunctionImageConfig(command=[command]) if command else None,
            architectures=[ARCHITECTURE],
            publish=True,
            role=service_role.arn,
            memory_size=limits.memory_mib,
            timeout=limits.timeout_seconds,
            reserved_concurrent_executions=limits.reserved_concurrency,
            kms_key_arn=context.key_arn,
            vpc_config=LambdaFunctionVpcConfig(
                subnet_ids=context.network.private_subnet_ids,
                security_group_ids=[self.security_group_id],
            ),
            environment=LambdaFunctionEnvironment(
                variables={**variables, **DATABASE_TRUST, "POWERTOOLS_SERVICE_NAME": name}
            ),
            tracing_config=LambdaFunctionTracingConfig(mode="Active"),
            logging_config=LambdaFunctionLoggingConfig(
                log_format="JSON",
                log_group=self.log_group.name,
                application_log_level=limits.log_level,
                system_log_level="INFO",
            ),
            tags={"Name": name},
            depends_on=service_role.grants,
        )
        self.name = self.function.function_name
        self.arn = self.function.arn
        self.version = self.function.version

    def _build_security_group(self, description: str) -> str:
        return SecurityGroup(
            self,
            "security-group",
            name=self._name,
            description=description,
            vpc_id=self._context.network.vpc_id,
            tags={"Name": self._name},
            lifecycle=KEPT_DESCRIPTION,
            # Lambda releases its network interfaces 20 to 60 minutes after a function is deleted.
            timeouts=SecurityGroupTimeouts(delete="45m"),
        ).id

    def _build_network_rules(
        self, databases: Mapping[str, DatabaseAccess], description: str
    ) -> Sequence[SecurityGroupRule]:
        own = self.security_group_id
        return [
            allow_https_out(self, "https", source=own),
            *allow_tcp(
                self,
                "endpoints",
                port=HTTPS_PORT,
                source=own,
                target=self._context.endpoints.security_group_id,
                description=f"{description} to AWS endpoints",
            ),
            *(
                rule
                for label, database in databases.items()
                for rule in allow_tcp(
                    self,
                    label,
                    port=database.port,
                    source=own,
                    target=database.security_group_id,
                    description=f"{description} to the {label}",
                )
            ),
        ]

    def _build_statements(self) -> Sequence[Statement]:
        return [
            Statement(
                sid="WriteLogs",
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[f"{self.log_group.arn}:*"],
            ),
            Statement(
                sid="WriteTraces",
                actions=["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
                resources=["*"],
            ),
            Statement(
                sid="DecryptEnvironment",
                actions=["kms:Decrypt"],
                resources=[self._context.key_arn],
            ),
            # Lambda needs the interface permissions, the code must not have them (Lambda Developer
            # Guide, Giving Lambda functions access to resources in an Amazon VPC).
            Statement(
                sid="DenyInterfacesToTheCode",
                effect="Deny",
                actions=[
                    "ec2:AssignPrivateIpAddresses",
                    "ec2:CreateNetworkInterface",
                    "ec2:DeleteNetworkInterface",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DetachNetworkInterface",
                    "ec2:UnassignPrivateIpAddresses",
                ],
                resources=["*"],
                conditions={
                    "ArnEquals": {
                        "lambda:SourceFunctionArn": self._context.account.arn(
                            "lambda", f"function:{self._name}"
                        )
                    }
                },
            ),
        ]
