"""What all stacks share: provider, default tags, backend, outputs."""

from cdktf import LocalBackend, S3Backend, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.provider import (
    AwsProvider,
    AwsProviderDefaultTags,
    AwsProviderEndpoints,
)
from constructs import Construct

from modules.settings import Part, Settings
from modules.shared.account import Account

MINIMUM_TERRAFORM = ">= 1.10"
"""Native locking of S3 state came with Terraform 1.10 (Terraform documentation, Backend S3)."""

PROJECT_FOLDER = "../../.."
"""The project's folder, as seen from a stack's folder in `cdktf.out`, where Terraform runs."""

LOCAL_STATE_FOLDER = f"{PROJECT_FOLDER}/.local-aws/state"
"""Terraform's state of an environment without an S3 bucket."""

LOCAL_PROFILE = "local-aws"
"""The profile with the key of a local AWS."""

ENDPOINTS = (
    "apigateway", "appautoscaling", "cloudfront", "cloudwatch", "cognitoidp", "ec2", "ecr", "elbv2",
    "iam", "kms", "lambda_", "logs", "rds", "s3", "scheduler", "secretsmanager", "sns", "sts",
    "wafv2",
)  # fmt: skip
"""The provider's arguments for the addresses of the services used."""


class BaseStack(TerraformStack):
    """A stack with its provider, tags and backend; subclasses compose constructs, and no more."""

    def __init__(self, scope: Construct, *, settings: Settings, part: Part) -> None:
        super().__init__(scope, settings.stack_id(part))
        self.settings = settings
        self.add_override("terraform.required_version", MINIMUM_TERRAFORM)
        self._build_backend(settings.stack_id(part))
        self.provider = self._build_provider("aws")
        self._aliased: dict[str, AwsProvider] = {}
        self.account = Account(self, "account", region=settings.region)

    def export(self, name: str, value: object, *, description: str) -> None:
        """Add a line to the output contract, under exactly this name."""
        TerraformOutput(self, name, value=value, description=description, static_id=True)

    def provider_of(self, region: str) -> AwsProvider:
        """Return the one aliased provider of another region, with the same tags and endpoints.

        Of the home region too there is an aliased one for whoever asks: what must be in us-east-1
        says so, wherever home is.
        """
        if region not in self._aliased:
            self._aliased[region] = self._build_provider(f"aws-{region}", alias=region)
        return self._aliased[region]

    def _build_provider(self, id_: str, *, alias: str | None = None) -> AwsProvider:
        settings = self.settings
        local = settings.local_aws
        return AwsProvider(
            self,
            id_,
            alias=alias,
            region=alias or settings.region,
            default_tags=[AwsProviderDefaultTags(tags=self._build_tags())],
            allowed_account_ids=[settings.account_id] if settings.account_id else None,
            # The file is read when Terraform runs, so no key gets into its input, plan or state.
            # A named profile has precedence over the user's AWS_* variables.
            shared_credentials_files=[_seen_by_terraform(local.credentials_file)]
            if local
            else None,
            profile=LOCAL_PROFILE if local else None,
            skip_credentials_validation=True if local else None,
            skip_metadata_api_check="true" if local else None,
            s3_use_path_style=True if local else None,
            endpoints=(
                [AwsProviderEndpoints(**dict.fromkeys(ENDPOINTS, local.endpoint))]
                if local
                else None
            ),
        )

    def _build_tags(self) -> dict[str, str]:
        settings = self.settings
        tags = {
            "Project": settings.project,
            "ManagedBy": "cdktf",
            "Environment": settings.environment,
            "CostCenter": settings.tags.cost_center,
            "Owner": settings.tags.owner,
        }
        return tags | ({"Suffix": settings.suffix} if settings.suffix else {})

    def _build_backend(self, key: str) -> None:
        state = self.settings.state
        if state is None:
            LocalBackend(self, path=f"{LOCAL_STATE_FOLDER}/{key}.tfstate")
            return
        S3Backend(
            self,
            bucket=state.bucket,
            key=f"{key}.tfstate",
            region=state.region,
            encrypt=True,
            allowed_account_ids=[self.settings.account_id] if self.settings.account_id else None,
        )
        # The bindings are older than the option.
        self.add_override("terraform.backend.s3.use_lockfile", value=True)


def _seen_by_terraform(path: str) -> str:
    """Return a path of the settings as Terraform finds it from a stack's folder."""
    return path if path.startswith(("/", "~")) else f"{PROJECT_FOLDER}/{path}"
