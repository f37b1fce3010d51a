"""What all stacks share: provider, default tags, backend, outputs."""

from collections.abc import Mapping

from cdktf import LocalBackend, S3Backend, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.provider import (
    AwsProvider,
    AwsProviderDefaultTags,
    AwsProviderEndpoints,
)
from constructs import Construct

from modules.settings import Part, Settings
from modules.shared.account import Account
from modules.toolchain import LOCAL_STATE_FOLDER, ROOT

MINIMUM_TERRAFORM = ">= 1.10"
"""Native locking of S3 state came with Terraform 1.10 (Terraform documentation, Backend S3)."""

ROOT_FROM_STACK = "../../.."
"""The project's folder, relative to a stack's folder `cdktf.out/stacks/STACK`."""

LOCAL_PROFILE = "local-aws"
"""The profile that holds the key of a local AWS in its credentials file."""

ENDPOINTS = (
    "apigateway", "appautoscaling", "cloudfront", "cloudwatch", "cognitoidp", "ec2", "ecr", "elbv2",
    "iam", "kms", "lambda_", "logs", "rds", "s3", "scheduler", "secretsmanager", "sns", "sts",
    "wafv2",
)  # fmt: skip
"""The provider's arguments for the addresses of all AWS services in use. In environment `local`, a
service that is missing here would be called at the real AWS."""

Outputs = Mapping[str, tuple[object, str]]
"""Value and description of each output, by name."""


class BaseStack(TerraformStack):
    """A stack with its provider, default tags and backend. Subclasses only compose constructs."""

    def __init__(self, scope: Construct, *, settings: Settings, part: Part) -> None:
        super().__init__(scope, settings.stack_id(part))
        self.settings = settings
        self.add_override("terraform.required_version", MINIMUM_TERRAFORM)
        self._build_backend(settings.stack_id(part))
        self.provider = self._build_provider("aws")
        self._aliased: dict[str, AwsProvider] = {}
        self._forgotten: list[str] = []
        self.account = Account(self, "account", region=settings.region)

    def export(self, outputs: Outputs) -> None:
        """Add outputs to the output contract, under exactly these names."""
        for name, (value, description) in outputs.items():
            TerraformOutput(self, name, value=value, description=description, static_id=True)

    def forget(self, *addresses: str) -> None:
        """Let Terraform drop resources from the state without destroying them, if they are in it.

        Args:
            addresses: Addresses that an earlier version had, such as `aws_lambda_alias.live`.
        """
        self._forgotten.extend(addresses)
        # CDKTF has no construct for it.
        self.add_override(
            "removed",
            [{"from": address, "lifecycle": {"destroy": False}} for address in self._forgotten],
        )

    def provider_of(self, region: str) -> AwsProvider:
        """Return the one aliased provider of another region, with the same tags and endpoints.

        The home region has an aliased provider too, so us-east-1 is always named explicitly.
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
            folder = LOCAL_STATE_FOLDER.relative_to(ROOT).as_posix()
            LocalBackend(self, path=f"{ROOT_FROM_STACK}/{folder}/{key}.tfstate")
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
    return path if path.startswith(("/", "~")) else f"{ROOT_FROM_STACK}/{path}"
