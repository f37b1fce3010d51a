"""A platform in miniature: one resource of each kind that is watched, and the stack that watches.

The resources are in a stack of their own, so that the references cross stacks as they do in the
real platform. They are as small as synthesis allows; nothing is deployed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.cloudfront_distribution import (
    CloudfrontDistribution,
    CloudfrontDistributionDefaultCacheBehavior,
    CloudfrontDistributionOrigin,
    CloudfrontDistributionRestrictions,
    CloudfrontDistributionRestrictionsGeoRestriction,
    CloudfrontDistributionViewerCertificate,
)
from cdktf_cdktf_provider_aws.cloudfront_monitoring_subscription import (
    CloudfrontMonitoringSubscription,
    CloudfrontMonitoringSubscriptionMonitoringSubscription,
)
from cdktf_cdktf_provider_aws.cloudfront_monitoring_subscription import (
    CloudfrontMonitoringSubscriptionMonitoringSubscriptionRealtimeMetricsSubscriptionConfig as Subscription,  # noqa: E501  # the bindings' own name
)
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.db_proxy import DbProxy, DbProxyAuth
from cdktf_cdktf_provider_aws.lambda_alias import LambdaAlias
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction
from cdktf_cdktf_provider_aws.lb import Lb
from cdktf_cdktf_provider_aws.lb_target_group import LbTargetGroup
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.rds_cluster import RdsCluster
from cdktf_cdktf_provider_aws.rds_cluster_instance import RdsClusterInstance
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.wafv2_web_acl import (
    Wafv2WebAcl,
    Wafv2WebAclDefaultAction,
    Wafv2WebAclDefaultActionAllow,
    Wafv2WebAclVisibilityConfig,
)
from constructs import Construct

from commands.dashboard.references import Block
from modules.observability.alarms.region_alarms import AlarmOptions, EdgeAlarms, HomeAlarms
from modules.observability.alarms.platform_alarms import edge_alarms, home_alarms
from modules.observability.dashboards.dashboards import Dashboards
from modules.observability.resources import (
    MonitoredAdministration,
    MonitoredApi,
    MonitoredDatabase,
    MonitoredDistribution,
    MonitoredFunction,
    MonitoredLoadBalancer,
    MonitoredLogs,
    MonitoredNetwork,
    MonitoredResources,
    MonitoredWebAcl,
)
from modules.settings import AlarmThresholds, KeySettings
from modules.shared.account import Account

HOME = "eu-west-1"
NAME = "shop-test"
RUNBOOK = "https://example.com/runbook.md"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What differs from one environment to the next."""

    provisioned: bool = True
    serverless: bool = True
    can_pause: bool = False
    readers: int = 2
    proxy: bool = True
    additional_metrics: bool = True
    home: str = HOME
    emails: tuple[str, ...] = ("ops@example.com",)


EVERYTHING = AlarmThresholds(waf_blocked_requests=500)
"""Thresholds with every optional alarm on."""


class WatchedStack(TerraformStack):
    """One resource of each kind."""

    def __init__(self, scope: Construct, id_: str, *, shape: Shape) -> None:
        super().__init__(scope, id_)
        AwsProvider(self, "aws", region=shape.home)
        self._shape = shape
        self.resources = MonitoredResources(
            function=self._function(),
            administration=self._administration(),
            api=self._api(),
            load_balancer=self._load_balancer(),
            database=self._database(),
            network=self._network(),
            logs=self._logs(),
            distribution=self._distribution(),
            edge_web_acl=self._web_acl("edge", region=None),
            api_web_acl=self._web_acl("api", region=shape.home),
        )

    def _log_group(self, name: str) -> str:
        return CloudwatchLogGroup(self, f"{name}-logs", name=f"/{NAME}/{name}").name

    def _administration(self) -> MonitoredAdministration:
        function = LambdaFunction(
            self, "administration", function_name=f"{NAME}-administration", role="role"
        )
        return MonitoredAdministration(name=function.function_name, region=self._shape.home)

    def _function(self) -> MonitoredFunction:
        function = LambdaFunction(self, "function", function_name=NAME, role="role")
        alias = LambdaAlias(
            self,
            "alias",
            name="live",
            function_name=function.function_name,
            function_version=function.version,
        )
        return MonitoredFunction(
            name=function.function_name,
            alias=alias.name,
            region=self._shape.home,
            log_group=self._log_group("function"),
            memory_mib=1_024,
            reserved_concurrency=100,
            provisioned=self._shape.provisioned,
        )

    def _api(self) -> MonitoredApi:
        api = ApiGatewayRestApi(self, "api", name=NAME)
        stage = ApiGatewayStage(
            self, "stage", rest_api_id=api.id, deployment_id="deployment", stage_name="prod"
        )
        return MonitoredApi(
            name=api.name,
            stage=stage.stage_name,
            region=self._shape.home,
            access_log_group=self._log_group("access"),
        )

    def _load_balancer(self) -> MonitoredLoadBalancer:
        return MonitoredLoadBalancer(
            arn_suffix=Lb(self, "balancer", name=NAME).arn_suffix,
            target_group_arn_suffix=LbTargetGroup(self, "targets", name=NAME).arn_suffix,
            region=self._shape.home,
        )

    def _database(self) -> MonitoredDatabase:
        cluster = RdsCluster(self, "cluster", cluster_identifier=NAME, engine="aurora-postgresql")
        instances = [
            RdsClusterInstance(
                self,
                f"instance-{number}",
                identifier=f"{NAME}-{number}",
                cluster_identifier=cluster.id,
                engine="aurora-postgresql",
                instance_class="db.serverless",
            )
            for number in range(1, self._shape.readers + 2)
        ]
        return MonitoredDatabase(
            cluster_id=cluster.cluster_identifier,
            instance_ids=tuple(instance.identifier for instance in instances),
            region=self._shape.home,
            log_group=self._log_group("database"),
            max_connections=1_000,
            serverless=self._shape.serverless,
            can_pause=self._shape.can_pause,
            proxy_name=self._proxy() if self._shape.proxy else None,
        )

    def _proxy(self) -> str:
        return DbProxy(
            self,
            "proxy",
            name=NAME,
            engine_family="POSTGRESQL",
            role_arn="role",
            vpc_subnet_ids=["a", "b"],
            auth=[DbProxyAuth(auth_scheme="SECRETS")],
        ).name

    def _network(self) -> MonitoredNetwork:
        zones = (f"{self._shape.home}a", f"{self._shape.home}b")
        return MonitoredNetwork(
            nat_gateway_ids={
                zone: NatGateway(self, f"nat-{zone}", subnet_id="subnet").id for zone in zones
            },
            region=self._shape.home,
        )

    def _logs(self) -> MonitoredLogs:
        return MonitoredLogs(
            groups={"Flow logs": self._log_group("flow"), "WAF": self._log_group("waf")},
            archive_bucket=S3Bucket(self, "archive", bucket=NAME).bucket,
            region=self._shape.home,
        )

    def _distribution(self) -> MonitoredDistribution:
        distribution = CloudfrontDistribution(
            self,
            "distribution",
            enabled=True,
            origin=[CloudfrontDistributionOrigin(domain_name="example.com", origin_id="api")],
            default_cache_behavior=CloudfrontDistributionDefaultCacheBehavior(
                allowed_methods=["GET", "HEAD"],
                cached_methods=["GET", "HEAD"],
                target_origin_id="api",
                viewer_protocol_policy="https-only",
            ),
            restrictions=CloudfrontDistributionRestrictions(
                geo_restriction=CloudfrontDistributionRestrictionsGeoRestriction(
                    restriction_type="none"
                )
            ),
            viewer_certificate=CloudfrontDistributionViewerCertificate(
                cloudfront_default_certificate=True
            ),
        )
        if self._shape.additional_metrics:
            CloudfrontMonitoringSubscription(
                self,
                "subscription",
                distribution_id=distribution.id,
                monitoring_subscription=CloudfrontMonitoringSubscriptionMonitoringSubscription(
                    realtime_metrics_subscription_config=Subscription(
                        realtime_metrics_subscription_status="Enabled"
                    )
                ),
            )
        return MonitoredDistribution(
            id=distribution.id, additional_metrics=self._shape.additional_metrics
        )

    def _web_acl(self, name: str, *, region: str | None) -> MonitoredWebAcl:
        acl = Wafv2WebAcl(
            self,
            f"{name}-acl",
            name=f"{NAME}-{name}",
            scope="REGIONAL" if region else "CLOUDFRONT",
            default_action=Wafv2WebAclDefaultAction(allow=Wafv2WebAclDefaultActionAllow()),
            visibility_config=Wafv2WebAclVisibilityConfig(
                cloudwatch_metrics_enabled=True,
                metric_name=f"{NAME}-{name}",
                sampled_requests_enabled=True,
            ),
        )
        return MonitoredWebAcl(metric_name=acl.name, region=region)


class WatchingStack(TerraformStack):
    """Dashboards and alarms over another stack's resources."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        resources: MonitoredResources,
        thresholds: AlarmThresholds,
        shape: Shape,
    ) -> None:
        super().__init__(scope, id_)
        AwsProvider(self, "aws", region=shape.home)
        edge = AwsProvider(self, "aws-us-east-1", region="us-east-1", alias="us-east-1")
        options = AlarmOptions(name=NAME, runbook_url=RUNBOOK, emails=shape.emails)
        keys = KeySettings()
        home = HomeAlarms(
            self,
            "alarms",
            account=Account(self, "account", region=shape.home),
            alarms=home_alarms(resources, thresholds=thresholds),
            options=options,
            key_settings=keys,
        )
        EdgeAlarms(
            self,
            "edge-alarms",
            account=Account(self, "edge-account", region="us-east-1"),
            alarms=edge_alarms(resources, thresholds=thresholds),
            options=options,
            key_settings=keys,
            provider=edge,
        )
        Dashboards(
            self,
            "dashboards",
            name=NAME,
            resources=resources,
            thresholds=thresholds,
            alarm_arns=[alarm.arn for alarm in home.alarms],
        )


def synthesise_platform(
    folder: Path, *, shape: Shape | None = None, thresholds: AlarmThresholds = EVERYTHING
) -> Mapping[str, Block]:
    """Return the Terraform JSON of both stacks, by stack id: `watched` and `watching`."""
    shape = shape or Shape()
    app = App(outdir=str(folder))
    watched = WatchedStack(app, "watched", shape=shape)
    WatchingStack(app, "watching", resources=watched.resources, thresholds=thresholds, shape=shape)
    app.synth()
    return {
        name: json.loads((folder / "stacks" / name / "cdk.tf.json").read_text())
        for name in ("watched", "watching")
    }
