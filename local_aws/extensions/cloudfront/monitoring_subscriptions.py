"""CloudFront monitoring subscriptions; gaps of moto 5.2.5.

- Create, Get and Delete are missing.
"""

from typing import Any, cast

from moto.cloudfront import urls
from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import CloudFrontBackend
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult

from local_aws.graft import graft

_init = CloudFrontBackend.__init__


class _NoSubscriptionError(CloudFrontException):
    code = 404

    def __init__(self) -> None:
        super().__init__(
            "NoSuchMonitoringSubscription", "A monitoring subscription does not exist."
        )


@graft
class _Backend(CloudFrontBackend):
    def __init__(self, region_name: str, account_id: str) -> None:
        _init(self, region_name, account_id)
        self.monitoring_subscriptions: dict[str, dict[str, Any]] = {}


@graft
class _Response(CloudFrontResponse):
    def _subscriptions(self) -> dict[str, dict[str, Any]]:
        # This raises the error of AWS if the distribution does not exist.
        self.backend.get_distribution(self._get_param("DistributionId"))
        return cast("_Backend", self.backend).monitoring_subscriptions

    def create_monitoring_subscription(self) -> ActionResult:
        wanted = self._get_param("MonitoringSubscription")
        self._subscriptions()[self._get_param("DistributionId")] = wanted
        return ActionResult({"MonitoringSubscription": wanted})

    def get_monitoring_subscription(self) -> ActionResult:
        found = self._subscriptions().get(self._get_param("DistributionId"))
        if found is None:
            raise _NoSubscriptionError
        return ActionResult({"MonitoringSubscription": found})

    def delete_monitoring_subscription(self) -> ActionResult:
        if self._subscriptions().pop(self._get_param("DistributionId"), None) is None:
            raise _NoSubscriptionError
        return EmptyResult()


urls.url_paths[
    "{0}/2020-05-31/distributions/(?P<distribution_id>[^/]+)/monitoring-subscription/?$"
] = CloudFrontResponse.dispatch
