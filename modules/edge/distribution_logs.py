"""CloudFront's access logs, delivered to the log archive."""

from cdktf_cdktf_provider_aws.cloudwatch_log_delivery import (
    CloudwatchLogDelivery,
    CloudwatchLogDeliveryS3DeliveryConfiguration,
)
from cdktf_cdktf_provider_aws.cloudwatch_log_delivery_destination import (
    CloudwatchLogDeliveryDestination,
    CloudwatchLogDeliveryDestinationDeliveryDestinationConfiguration,
)
from cdktf_cdktf_provider_aws.cloudwatch_log_delivery_source import CloudwatchLogDeliverySource
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from modules.shared.edge_region import require_edge_region

FORMAT = "json"
"""Athena, CloudWatch and people read JSON. It names its fields, so their order may change."""

PARTITIONS = "{DistributionId}/{yyyy}/{MM}/{dd}"
"""A folder a day below the prefix (CloudFront Developer Guide, Configure standard logging (v2))."""

FIELDS = (
    "date", "time", "timestamp(ms)", "x-edge-location", "x-edge-request-id", "x-host-header",
    "cs-method", "cs(Host)", "cs-uri-stem", "cs-uri-query", "cs-protocol", "cs-protocol-version",
    "cs-bytes", "cs(User-Agent)", "cs(Referer)", "c-ip", "c-port", "c-country", "x-forwarded-for",
    "sc-status", "sc-bytes", "sc-content-type", "sc-content-len", "x-edge-result-type",
    "x-edge-response-result-type", "x-edge-detailed-result-type", "time-taken",
    "time-to-first-byte", "origin-fbl", "origin-lbl", "ssl-protocol", "ssl-cipher",
    "cache-behavior-path-pattern",
)  # fmt: skip
"""Fields of client, request, answer, cache and timing; cookies are not logged (CloudFront Developer
Guide, Standard logging reference)."""


class DistributionLogs(Construct):
    """Standard logging v2: a source, a destination and the delivery between them.

    The prefix is a part of the destination's ARN. Without one, AWS puts `AWSLogs/.../CloudFront/`
    before the partitions of a new delivery, and the provider removes it at the next change
    (hashicorp/terraform-provider-aws issue 46328).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        provider: AwsProvider,
        name: str,
        distribution_arn: str,
        bucket_arn: str,
        prefix: str,
    ) -> None:
        """Create the delivery.

        Args:
            provider: Provider of us-east-1, where CloudFront's deliveries live.
            name: Prefix of the names of source and destination.
            distribution_arn: ARN of the distribution; it can have one source only.
            bucket_arn: ARN of a bucket in any region. Its policy lets `delivery.logs.amazonaws.com`
                write below the prefix.
            prefix: First folder in the bucket.

        Raises:
            ValueError: The provider is not of us-east-1.
        """
        super().__init__(scope, id_)
        require_edge_region(provider)
        source = CloudwatchLogDeliverySource(
            self,
            "source",
            provider=provider,
            name=f"{name}-cdn",
            log_type="ACCESS_LOGS",
            resource_arn=distribution_arn,
        )
        target = CloudwatchLogDeliveryDestinationDeliveryDestinationConfiguration
        destination = CloudwatchLogDeliveryDestination(
            self,
            "destination",
            provider=provider,
            name=f"{name}-cdn",
            output_format=FORMAT,
            delivery_destination_configuration=[
                target(destination_resource_arn=f"{bucket_arn}/{prefix}")
            ],
        )
        CloudwatchLogDelivery(
            self,
            "delivery",
            provider=provider,
            delivery_source_name=source.name,
            delivery_destination_arn=destination.arn,
            record_fields=list(FIELDS),
            s3_delivery_configuration=[
                CloudwatchLogDeliveryS3DeliveryConfiguration(
                    suffix_path=PARTITIONS, enable_hive_compatible_path=False
                )
            ],
        )
