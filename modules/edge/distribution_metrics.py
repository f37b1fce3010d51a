"""CloudFront's additional metrics, for a charge."""

from cdktf_cdktf_provider_aws.cloudfront_monitoring_subscription import (
    CloudfrontMonitoringSubscription,
    CloudfrontMonitoringSubscriptionMonitoringSubscription,
    CloudfrontMonitoringSubscriptionMonitoringSubscriptionRealtimeMetricsSubscriptionConfig,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from modules.shared.edge_region import require_edge_region


class DistributionMetrics(Construct):
    """Cache hit rate, origin latency and error rates by status.

    Source: CloudFront Developer Guide, View additional CloudFront distribution metrics.
    """

    def __init__(
        self, scope: Construct, id_: str, *, provider: AwsProvider, distribution_id: str
    ) -> None:
        super().__init__(scope, id_)
        require_edge_region(provider)
        config = (
            CloudfrontMonitoringSubscriptionMonitoringSubscriptionRealtimeMetricsSubscriptionConfig
        )
        CloudfrontMonitoringSubscription(
            self,
            "subscription",
            provider=provider,
            distribution_id=distribution_id,
            monitoring_subscription=CloudfrontMonitoringSubscriptionMonitoringSubscription(
                realtime_metrics_subscription_config=config(
                    realtime_metrics_subscription_status="Enabled"
                )
            ),
        )
