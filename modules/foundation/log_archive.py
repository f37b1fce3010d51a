"""The bucket that keeps the logs of the load balancer and CloudFront."""

from cdktf_cdktf_provider_aws.data_aws_elb_service_account import DataAwsElbServiceAccount
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
    S3BucketLifecycleConfigurationRuleTransition,
)
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from constructs import Construct

from modules.settings import LogArchiveSettings
from modules.settings.edge import EDGE_REGION
from modules.shared.account import Account
from modules.shared.iam import Statement, policy_document
from modules.shared.service_principals import LOAD_BALANCING_LOGS, LOG_DELIVERY

LOAD_BALANCER_PREFIX = "load-balancer"
CDN_PREFIX = "cloudfront"

REGIONS_WITH_LOAD_BALANCING_ACCOUNT = frozenset(
    {
        "af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
        "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ca-central-1",
        "eu-central-1", "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-2", "eu-west-3",
        "me-south-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    }
)  # fmt: skip
"""Regions older than August 2022, where an account of AWS writes load balancer logs (Elastic Load
Balancing User Guide, Enable access logs for your Application Load Balancer)."""


class LogArchive(Construct):
    """A private, versioned bucket that moves objects to cheaper storage and then deletes them.

    S3's own keys encrypt it, because load balancers cannot write to a bucket with a KMS key. Only
    their log delivery and CloudWatch's vended logs may write, each below its own prefix.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        settings: LogArchiveSettings,
    ) -> None:
        super().__init__(scope, id_)
        self._account = account
        bucket = S3Bucket(
            self,
            "bucket",
            # Bucket names are global: the account's number makes this one unique.
            bucket=f"{name}-logs-{account.number}",
            force_destroy=settings.force_destroy,
            tags={"Name": f"{name}-logs"},
        )
        self.bucket_name = bucket.bucket
        self.bucket_arn = bucket.arn
        self._keep_private()
        self._keep_versions(settings)
        self._build_policy()

    def _keep_private(self) -> None:
        S3BucketPublicAccessBlock(
            self,
            "public-access-block",
            bucket=self.bucket_name,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        S3BucketOwnershipControls(
            self,
            "ownership",
            bucket=self.bucket_name,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
        )
        encryption = (
            S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA
        )
        S3BucketServerSideEncryptionConfigurationA(
            self,
            "encryption",
            bucket=self.bucket_name,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=encryption(sse_algorithm="AES256")
                )
            ],
        )

    def _keep_versions(self, settings: LogArchiveSettings) -> None:
        versioning = S3BucketVersioningA(
            self,
            "versioning",
            bucket=self.bucket_name,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        noncurrent = S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration
        abort = S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload
        S3BucketLifecycleConfiguration(
            self,
            "lifecycle",
            bucket=self.bucket_name,
            rule=[
                S3BucketLifecycleConfigurationRule(
                    id="age",
                    status="Enabled",
                    filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
                    transition=[
                        S3BucketLifecycleConfigurationRuleTransition(
                            days=settings.infrequent_access_days, storage_class="STANDARD_IA"
                        ),
                        S3BucketLifecycleConfigurationRuleTransition(
                            days=settings.glacier_days, storage_class="GLACIER"
                        ),
                    ],
                    expiration=[
                        S3BucketLifecycleConfigurationRuleExpiration(days=settings.expiration_days)
                    ],
                    noncurrent_version_expiration=[
                        noncurrent(noncurrent_days=settings.noncurrent_expiration_days)
                    ],
                    abort_incomplete_multipart_upload=[
                        abort(days_after_initiation=settings.abort_incomplete_upload_days)
                    ],
                )
            ],
            # S3 refuses lifecycle rules for noncurrent versions on a bucket without versioning.
            depends_on=[versioning],
        )

    def _build_policy(self) -> None:
        account = self._account
        balancer_objects = f"{self.bucket_arn}/{LOAD_BALANCER_PREFIX}/AWSLogs/{account.number}/*"
        statements = [
            Statement(
                sid="DenyPlainHttp",
                effect="Deny",
                everybody=True,
                actions=["s3:*"],
                resources=[self.bucket_arn, f"{self.bucket_arn}/*"],
                conditions={"Bool": {"aws:SecureTransport": "false"}},
            ),
            Statement(
                sid="LoadBalancerLogs",
                services=[LOAD_BALANCING_LOGS],
                actions=["s3:PutObject"],
                resources=[balancer_objects],
            ),
            Statement(
                sid="CdnLogs",
                services=[LOG_DELIVERY],
                actions=["s3:PutObject"],
                resources=[f"{self.bucket_arn}/{CDN_PREFIX}/*"],
                # AWS adds a statement of its own unless it finds exactly this one.
                conditions={
                    "StringEquals": {
                        "aws:SourceAccount": account.number,
                        "s3:x-amz-acl": "bucket-owner-full-control",
                    },
                    "ArnLike": {
                        "aws:SourceArn": f"arn:{account.partition}:logs:{EDGE_REGION}:"
                        f"{account.number}:delivery-source:*"
                    },
                },
            ),
        ]
        if account.region in REGIONS_WITH_LOAD_BALANCING_ACCOUNT:
            owner = DataAwsElbServiceAccount(self, "load-balancing-account")
            statements.append(
                Statement(
                    sid="LoadBalancerLogsOfOlderRegions",
                    accounts=[owner.arn],
                    actions=["s3:PutObject"],
                    resources=[balancer_objects],
                )
            )
        S3BucketPolicy(self, "policy", bucket=self.bucket_name, policy=policy_document(*statements))
