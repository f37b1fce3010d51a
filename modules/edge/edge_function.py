"""The Lambda@Edge function that CloudFront runs on each viewer request."""

from collections.abc import Mapping

from cdktf import AssetType, TerraformAsset
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from modules.release.edge_package import Package
from modules.settings.edge import EDGE_REGION
from modules.shared.edge_region import require_edge_region
from modules.shared.iam import ServiceRole, Statement
from modules.shared.random_suffix import RandomSuffix
from modules.shared.service_principals import EDGE_LAMBDA, LAMBDA
from review.limits import cloudfront

HANDLER = "viewer-request.handler"
RUNTIME = "nodejs22.x"
ARCHITECTURE = "x86_64"

MEMORY_MIB = cloudfront.VIEWER_MEMORY_MEBIBYTES
TIMEOUT_SECONDS = 5
"""Longest time that a viewer event may take (CloudFront Developer Guide, Quotas on Lambda@Edge)."""


class EdgeFunction(Construct):
    """A published zip function in us-east-1, its role, and its log groups around the world.

    No environment, VPC, layers, tracing, dead-letter queue, key or reserved concurrency:
    Lambda@Edge refuses them (CloudFront Developer Guide, Restrictions on Lambda@Edge).

    Logs: Lambda writes them in the region nearest to the viewer, to a group of the same name in
    each region. Terraform creates the groups in us-east-1 and in the regions of `log_providers`.
    The role may write to them but not create groups: a group that Lambda creates never expires, has
    no customer-managed key and outlives the platform. So the function's own output in other regions
    is lost; CloudFront's logs still have every request, and the function's metrics are complete.

    Deletion: CloudFront removes its replicas some hours after the last distribution stopped using
    the function, and until then Lambda refuses to delete it. With `keep_at_destroy`, Terraform
    forgets the function instead of failing. The function that remains costs nothing and can do
    nothing, because its role is gone. Some hours later this command deletes it:

        aws lambda delete-function --region us-east-1 --function-name NAME

    The function's name ends with a random suffix, so that the platform can be deployed again at
    once (CloudFront Developer Guide, Delete Lambda@Edge functions and replicas).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        provider: AwsProvider,
        log_providers: Mapping[str, AwsProvider],
        name: str,
        package: Package,
        log_retention_days: int,
        log_key_arns: Mapping[str, str],
        keep_at_destroy: bool,
    ) -> None:
        """Create the function.

        Args:
            provider: Provider of us-east-1.
            log_providers: Providers of the other regions that keep logs, by region.
            name: Prefix of the function's name.
            log_key_arns: ARNs of the log groups' keys, by region. Keys are regional; a group in a
                region without one is encrypted with CloudWatch's own key.
            keep_at_destroy: Whether Terraform leaves the function to be deleted by hand later. AWS
                needs that; an emulator deletes the function at once.

        Raises:
            ValueError: The provider is not of us-east-1.
        """
        super().__init__(scope, id_)
        require_edge_region(provider)
        # The suffix changes when the stack is destroyed: the old function may still exist then.
        function_name = f"{name}-edge-{RandomSuffix(self, 'life').value}"
        self.log_groups = {
            region: CloudwatchLogGroup(
                self,
                f"log-group-{region}",
                provider=log_provider,
                name=f"/aws/lambda/{EDGE_REGION}.{function_name}",
                retention_in_days=log_retention_days,
                kms_key_id=log_key_arns.get(region),
            )
            for region, log_provider in ({EDGE_REGION: provider} | dict(log_providers)).items()
        }
        role = ServiceRole(
            self,
            "role",
            provider=provider,
            name=f"{name}-edge",
            services=[LAMBDA, EDGE_LAMBDA],
            description="Runs the edge function",
            statements=[
                Statement(
                    sid="WriteLogs",
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[f"{group.arn}:*" for group in self.log_groups.values()],
                )
            ],
        )
        # Synthesis copies the file to `assets/<id>/<hash of its content>/` in the stack's folder
        # and names it relative to that, so the output is the same on every machine.
        code = TerraformAsset(self, "code", path=str(package.path), type=AssetType.FILE)
        function = LambdaFunction(
            self,
            "function",
            provider=provider,
            function_name=function_name,
            description="Puts viewer requests into one canonical form",
            package_type="Zip",
            filename=code.path,
            source_code_hash=package.sha256,
            handler=HANDLER,
            runtime=RUNTIME,
            architectures=[ARCHITECTURE],
            publish=True,
            role=role.arn,
            memory_size=MEMORY_MIB,
            timeout=TIMEOUT_SECONDS,
            skip_destroy=keep_at_destroy,
            tags={"Name": f"{name}-edge"},
            depends_on=[*role.grants, *self.log_groups.values()],
        )
        self.name = function.function_name
        # CloudFront needs a numbered version; it accepts neither an alias nor $LATEST.
        self.qualified_arn = function.qualified_arn
