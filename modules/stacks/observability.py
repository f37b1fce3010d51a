"""The observability stack: dashboards and alarms. No other stack depends on it."""

from constructs import Construct

from modules.observability.alarms.platform_alarms import edge_alarms, home_alarms
from modules.observability.alarms.region_alarms import AlarmOptions, HomeAlarms, RegionAlarms
from modules.observability.dashboards.dashboards import Dashboards
from modules.observability.resources import (
    MonitoredApi,
    MonitoredApiFunction,
    MonitoredDatabase,
    MonitoredDistribution,
    MonitoredFunction,
    MonitoredFunctionVersion,
    MonitoredLoadBalancer,
    MonitoredLogs,
    MonitoredNetwork,
    MonitoredProxy,
    MonitoredResources,
    MonitoredShop,
    MonitoredTargetGroup,
    MonitoredWebAcl,
)
from modules.settings import Settings
from modules.settings.edge import EDGE_REGION
from modules.shared.account import Account
from modules.stacks.base import BaseStack, Outputs
from modules.stacks.data import Data
from modules.stacks.edge import Edge
from modules.stacks.foundation import Foundation
from modules.stacks.service import Service


class Observability(BaseStack):
    """The dashboards, and the alarms with their topics in the home region and in us-east-1."""

    def __init__(
        self,
        scope: Construct,
        *,
        settings: Settings,
        foundation: Foundation,
        data: Data,
        service: Service,
        edge: Edge,
    ) -> None:
        super().__init__(scope, settings=settings, part="observability")
        thresholds = settings.alarms.thresholds
        resources = MonitoredResources(
            function=_describe_function(service),
            administration=MonitoredFunction(
                name=service.administration.name, region=settings.region
            ),
            shop=MonitoredShop(function_name=service.function.name, region=settings.region),
            api=MonitoredApi(
                name=service.api.name,
                stage=service.api.stage_name,
                region=settings.region,
                access_log_group=service.api.access_log_group.name,
            ),
            load_balancer=MonitoredLoadBalancer(
                arn_suffix=service.load_balancer.arn_suffix, region=settings.region
            ),
            target_group=MonitoredTargetGroup(
                arn_suffix=service.load_balancer.target_group_arn_suffix,
                load_balancer_arn_suffix=service.load_balancer.arn_suffix,
                region=settings.region,
            ),
            database=_describe_database(data),
            network=MonitoredNetwork(
                nat_gateway_ids={
                    zone: gateway.id for zone, gateway in foundation.network.nat_gateways.items()
                },
                region=settings.region,
            ),
            logs=_describe_logs(foundation, data=data, service=service),
            distribution=MonitoredDistribution(
                id=edge.distribution.id,
                additional_metrics=settings.edge.additional_metrics,
            ),
            edge_web_acl=MonitoredWebAcl(
                metric_name=edge.web_acl.metric_name, scope="CLOUDFRONT", region=EDGE_REGION
            ),
            api_web_acl=MonitoredWebAcl(
                metric_name=service.web_acl.metric_name, scope="REGIONAL", region=settings.region
            ),
        )
        options = AlarmOptions(
            prefix=settings.prefix,
            runbook_url=settings.alarms.runbook_url,
            key_settings=settings.keys,
            emails=settings.alarms.emails,
        )
        self.home_alarms = HomeAlarms(
            self,
            "alarms",
            account=self.account,
            alarms=home_alarms(resources, thresholds=thresholds),
            options=options,
        )
        self.edge_alarms = RegionAlarms(
            self,
            "edge-alarms",
            topic="edge-alarms",
            account=Account(self, "edge-account", region=EDGE_REGION),
            alarms=edge_alarms(resources, thresholds=thresholds),
            options=options,
            provider=self.provider_of(EDGE_REGION),
        )
        self.dashboards = Dashboards(
            self,
            "dashboards",
            prefix=settings.prefix,
            resources=resources,
            thresholds=thresholds,
            alarm_arns=[
                alarm.arn for alarm in (*self.home_alarms.alarms, *self.edge_alarms.alarms)
            ],
        )
        self.export(self._outputs())

    def _outputs(self) -> Outputs:
        home, edge = self.home_alarms, self.edge_alarms
        return {
            "alarm_topic_arn": (home.topic.arn, "Topic of the home region's alarms"),
            "edge_alarm_topic_arn": (edge.topic.arn, "Topic of the alarms in us-east-1"),
            "platform_unhealthy_alarm": (
                home.composite.alarm_name,
                "Composite alarm over the home region's alarms",
            ),
            "dashboard_names": (
                {
                    "health": self.dashboards.health.dashboard_name,
                    "capacity": self.dashboards.capacity.dashboard_name,
                },
                "Names of the dashboards, by question",
            ),
        }


def _describe_function(service: Service) -> MonitoredApiFunction:
    settings = service.settings
    return MonitoredApiFunction(
        name=service.function.name,
        alias=service.function.alias_name,
        region=settings.region,
        log_group=service.function.log_group.name,
        memory_mib=settings.function.memory_mib,
        reserved_concurrency=settings.function.reserved_concurrency,
        provisioned_version=(
            MonitoredFunctionVersion(
                name=service.function.name,
                version=service.function.version,
                region=settings.region,
            )
            if settings.function.provisioned_concurrency
            else None
        ),
    )


def _describe_database(data: Data) -> MonitoredDatabase:
    settings = data.settings.database
    return MonitoredDatabase(
        cluster_identifier=data.cluster.identifier,
        instance_identifiers=tuple(instance.identifier for instance in data.cluster.instances),
        region=data.settings.region,
        log_group=data.cluster.log_group.name,
        max_connections=settings.max_connections,
        serverless=settings.is_serverless,
        can_pause=settings.can_pause,
        proxy=(
            MonitoredProxy(name=data.proxy.name, region=data.settings.region)
            if data.proxy
            else None
        ),
    )


def _describe_logs(foundation: Foundation, *, data: Data, service: Service) -> MonitoredLogs:
    groups = {
        "Function": service.function.log_group,
        "Administration": service.administration.log_group,
        "API access": service.api.access_log_group,
        "API execution": service.api.execution_log_group,
        "API firewall": service.web_acl.log_group,
        "VPC flow": foundation.flow_logs.log_group,
        "Database": data.cluster.log_group,
    } | ({"Proxy": data.proxy.log_group} if data.proxy else {})
    return MonitoredLogs(
        groups={label: group.name for label, group in groups.items()},
        archive_bucket=foundation.log_archive.bucket_name,
        region=foundation.settings.region,
    )
