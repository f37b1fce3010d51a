"""The Lambda function that runs the API's container image."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.data_aws_ecr_image import DataAwsEcrImage
from cdktf_cdktf_provider_aws.lambda_alias import LambdaAlias
from cdktf_cdktf_provider_aws.lambda_function import (
    LambdaFunction,
    LambdaFunctionEnvironment,
    LambdaFunctionLoggingConfig,
    LambdaFunctionTracingConfig,
    LambdaFunctionVpcConfig,
)
from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupTimeouts
from constructs import Construct

from modules.account import Account
from modules.database_access import DatabaseAccess
from modules.iam import ServiceRole, Statement
from modules.image_repository import ImageRepository
from modules.network import Network
from modules.security_group_rules import allow_https_out, allow_tcp
from modules.settings import FunctionSettings
from modules.vpc_endpoints import VpcEndpoints

ALIAS = "live"
ARCHITECTURE = "arm64"


class ApiFunction(Construct):
    """A versioned image function in private subnets, and the alias `live` on its newest version.

    The image is looked up by its tag and pinned by its digest: a plan fails, before anything of
    the service is created, when nobody has published it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        network: Network,
        endpoints: VpcEndpoints,
        repository: ImageRepository,
        image_tag: str,
        database: DatabaseAccess,
        key_arn: str,
        log_key_arn: str,
        settings: FunctionSettings,
    ) -> None:
        super().__init__(scope, id_)
        self._name = f"{name}-api"
        self._account = account
        self._database = database
        self._key_arn = key_arn
        self._settings = settings
        self.log_group = CloudwatchLogGroup(
            self,
            "log-group",
            name=f"/aws/lambda/{self._name}",
            retention_in_days=settings.log_retention_days,
            kms_key_id=log_key_arn,
        )
        self.security_group_id = self._build_security_group(network, endpoints)
        role = ServiceRole(
            self,
            "role",
            name=self._name,
            services=["lambda.amazonaws.com"],
            description="Runs the API",
            # Managed by AWS: the network interfaces Lambda makes for a function in a VPC.
            managed_policies=[
                account.managed_policy("service-role/AWSLambdaENIManagementAccess"),
            ],
            statements=self._build_statements(),
        )
        # The address of the data source is part of Terraform's message when the image is missing.
        image = DataAwsEcrImage(
            self,
            "image-published-by-make-image",
            repository_name=repository.name,
            image_tag=image_tag,
        )
        self._function = LambdaFunction(
            self,
            "function",
            function_name=self._name,
            description="The e-commerce API",
            package_type="Image",
            image_uri=image.image_uri,
            architectures=[ARCHITECTURE],
            publish=True,
            role=role.arn,
            memory_size=settings.memory_mib,
            timeout=settings.timeout_seconds,
            reserved_concurrent_executions=settings.reserved_concurrency,
            kms_key_arn=key_arn,
            vpc_config=LambdaFunctionVpcConfig(
                subnet_ids=network.private_subnet_ids, security_group_ids=[self.security_group_id]
            ),
            environment=LambdaFunctionEnvironment(variables=self._build_variables()),
            tracing_config=LambdaFunctionTracingConfig(mode="Active"),
            logging_config=LambdaFunctionLoggingConfig(
                log_format="JSON",
                log_group=self.log_group.name,
                application_log_level=settings.log_level,
                system_log_level="INFO",
            ),
            tags={"Name": self._name},
            depends_on=role.grants,
        )
        self.name = self._function.function_name
        self.arn = self._function.arn
        alias = LambdaAlias(
            self,
            "alias",
            name=ALIAS,
            description="The version that serves traffic",
            function_name=self.name,
            function_version=self._function.version,
        )
        self.alias_name = alias.name
        self.alias_arn = alias.arn
        self.alias_invoke_arn = alias.invoke_arn

    def _build_security_group(self, network: Network, endpoints: VpcEndpoints) -> str:
        group = SecurityGroup(
            self,
            "security-group",
            name=self._name,
            description="Function of the API",
            vpc_id=network.vpc_id,
            tags={"Name": self._name},
            # Lambda lets go of its network interfaces 20 to 60 minutes after the function is gone.
            timeouts=SecurityGroupTimeouts(delete="45m"),
        )
        allow_https_out(self, "https", source=group.id)
        allow_tcp(
            self,
            "endpoints",
            port=443,
            source=group.id,
            target=endpoints.security_group_id,
            description="API to AWS endpoints",
        )
        allow_tcp(
            self,
            "database",
            port=self._database.port,
            source=group.id,
            target=self._database.security_group_id,
            description="API to the database",
        )
        return group.id

    def _build_variables(self) -> dict[str, str]:
        database, settings = self._database, self._settings
        return {
            "DATABASE_WRITER_HOST": database.writer_host,
            "DATABASE_READER_HOST": database.reader_host,
            "DATABASE_PORT": str(database.port),
            "DATABASE_NAME": database.database_name,
            "DATABASE_SECRET_ARN": database.secret_arn,
            "DATABASE_POOL_SIZE": str(settings.connections_per_instance),
            "DATABASE_CONNECT_TIMEOUT_SECONDS": str(settings.connect_timeout_seconds),
            # Node.js 20 and later images no longer trust Amazon's roots by themselves (Lambda
            # Developer Guide, Building Lambda functions with Node.js).
            "NODE_EXTRA_CA_CERTS": "/var/runtime/ca-cert.pem",
        }

    def _build_statements(self) -> Sequence[Statement]:
        account = self._account
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
                sid="ReadDatabaseSecret",
                actions=["secretsmanager:GetSecretValue"],
                resources=[self._database.secret_arn],
            ),
            Statement(
                sid="DecryptDatabaseSecret",
                actions=["kms:Decrypt"],
                resources=[self._database.key_arn],
                conditions={
                    "StringEquals": {
                        "kms:ViaService": f"secretsmanager.{account.region}.amazonaws.com"
                    }
                },
            ),
            Statement(
                sid="DecryptEnvironment",
                actions=["kms:Decrypt"],
                resources=[self._key_arn],
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
                        "lambda:SourceFunctionArn": account.arn("lambda", f"function:{self._name}")
                    }
                },
            ),
        ]
