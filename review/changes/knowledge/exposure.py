"""Arguments that expose, encrypt or log, and the way in which each is weakened.

Source: the documentation of each resource of the AWS provider.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["access", "encryption", "logging"]


@dataclass(frozen=True, kw_only=True)
class Guard:
    """An argument that guards something."""

    path: tuple[str, ...]
    kind: Kind
    weak: tuple[object, ...] = ()
    """The values that expose; empty if every removed value does."""

    types: tuple[str, ...] = ("*",)
    """The types, in which `*` stands for any text."""

    on_create: bool = False
    """Whether a new object with a weak value is a risk too."""

    is_last: bool = True
    """Whether nothing else guards access, so that a weak value lets everybody in."""


GUARDS = (
    Guard(path=("publicly_accessible",), kind="access", weak=(True,), on_create=True),
    Guard(path=("internal",), kind="access", weak=(False,), types=("aws_lb", "aws_alb", "aws_elb")),
    Guard(path=("map_public_ip_on_launch",), kind="access", weak=(True,), is_last=False),
    Guard(path=("block_public_acls",), kind="access", weak=(False,), on_create=True),
    Guard(path=("block_public_policy",), kind="access", weak=(False,), on_create=True),
    Guard(path=("ignore_public_acls",), kind="access", weak=(False,), on_create=True),
    Guard(path=("restrict_public_buckets",), kind="access", weak=(False,), on_create=True),
    Guard(path=("acl",), kind="access", on_create=True,
          weak=("public-read", "public-read-write", "authenticated-read", "website")),
    Guard(path=("authorization",), kind="access", weak=("NONE",),
          types=("aws_api_gateway_method",)),
    Guard(path=("authorization_type",), kind="access", weak=("NONE",), on_create=True,
          types=("aws_lambda_function_url", "aws_apigatewayv2_route")),
    Guard(path=("mfa_configuration",), kind="access", weak=("OFF",), is_last=False,
          types=("aws_cognito_user_pool",)),
    Guard(path=("metadata_options", "http_tokens"), kind="access", weak=("optional",),
          is_last=False),
    Guard(path=("web_acl_id",), kind="access", types=("aws_cloudfront_distribution",)),
    Guard(path=("permissions_boundary",), kind="access"),
    Guard(path=("endpoint_public_access",), kind="access", weak=(True,), is_last=False,
          on_create=True),
    Guard(path=("vpc_config", "endpoint_public_access"), kind="access", weak=(True,),
          is_last=False, on_create=True),
    Guard(path=("storage_encrypted",), kind="encryption", weak=(False,), on_create=True),
    Guard(path=("encrypted",), kind="encryption", weak=(False,), on_create=True),
    Guard(path=("at_rest_encryption_enabled",), kind="encryption", weak=(False,), on_create=True),
    Guard(path=("transit_encryption_enabled",), kind="encryption", weak=(False,), on_create=True),
    Guard(path=("require_tls",), kind="encryption", weak=(False,)),
    Guard(path=("kms_key_id",), kind="encryption"),
    Guard(path=("kms_key_arn",), kind="encryption"),
    Guard(path=("kms_master_key_id",), kind="encryption"),
    Guard(path=("server_side_encryption",), kind="encryption"),
    Guard(path=("sqs_managed_sse_enabled",), kind="encryption", weak=(False,)),
    Guard(path=("default_cache_behavior", "viewer_protocol_policy"), kind="encryption",
          weak=("allow-all",), on_create=True),
    Guard(path=("ssl_policy",), kind="encryption", on_create=True,
          weak=("ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS-1-0-2015-04",
                "ELBSecurityPolicy-TLS-1-1-2017-01")),
    Guard(path=("viewer_certificate", "minimum_protocol_version"), kind="encryption",
          weak=("SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016"), on_create=True),
    Guard(path=("access_log_settings",), kind="logging"),
    Guard(path=("access_logs", "enabled"), kind="logging", weak=(False,)),
    Guard(path=("logging_config",), kind="logging", types=("aws_cloudfront_distribution",)),
    Guard(path=("enable_logging",), kind="logging", weak=(False,)),
    Guard(path=("enabled_cloudwatch_logs_exports",), kind="logging"),
    Guard(path=("enable_log_file_validation",), kind="logging", weak=(False,)),
    Guard(path=("performance_insights_enabled",), kind="logging", weak=(False,)),
)  # fmt: skip

PROTECTING: Mapping[str, Kind] = {
    "aws_cloudtrail": "logging",
    "aws_cloudwatch_log_delivery*": "logging",
    "aws_config_configuration_recorder*": "logging",
    "aws_flow_log": "logging",
    "aws_guardduty_detector": "access",
    "aws_iam_account_password_policy": "access",
    "aws_route53_query_log": "logging",
    "aws_s3_account_public_access_block": "access",
    "aws_s3_bucket_logging": "logging",
    "aws_s3_bucket_public_access_block": "access",
    "aws_s3_bucket_server_side_encryption_configuration": "encryption",
    "aws_wafv2_web_acl": "access",
    "aws_wafv2_web_acl_association": "access",
    "aws_wafv2_web_acl_logging_configuration": "logging",
}
"""Types whose objects guard something, so that their end exposes it."""

POLICIES: dict[str, tuple[str, ...]] = {
    "aws_ecr_repository_policy": ("policy",),
    "aws_iam_group_policy": ("policy",),
    "aws_iam_policy": ("policy",),
    "aws_iam_role": ("assume_role_policy",),
    "aws_iam_role_policy": ("policy",),
    "aws_iam_user_policy": ("policy",),
    "aws_kms_key": ("policy",),
    "aws_kms_key_policy": ("policy",),
    "aws_opensearch_domain": ("access_policies",),
    "aws_s3_bucket_policy": ("policy",),
    "aws_secretsmanager_secret_policy": ("policy",),
    "aws_sns_topic_policy": ("policy",),
    "aws_sqs_queue_policy": ("policy",),
    "aws_vpc_endpoint": ("policy",),
}
"""Arguments with policies."""

GRANTS = ("aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment",
    "aws_iam_group_policy_attachment", "aws_iam_policy_attachment")  # fmt: skip
"""Types that give a managed policy, whose ARN is in `policy_arn`."""

ADMINISTRATOR = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
"""Managed policies that give nearly everything."""
