"""Every metric that dashboards and alarms may use: those AWS publishes, and the shop's own.

CloudWatch treats each set of dimensions as a separate metric. A set that AWS does not publish shows
nothing; an empty set shows another resource.

Sources, one for each namespace: Lambda Developer Guide, Types of metrics for Lambda functions; API
Gateway Developer Guide, REST API metrics and dimensions; Application Load Balancers guide,
CloudWatch metrics; Aurora User Guide, CloudWatch metrics, dimensions, and Monitoring RDS Proxy
metrics; CloudFront Developer Guide, Types of metrics; VPC User Guide, NAT gateway metrics; WAF
Developer Guide, Metrics and dimensions; S3 User Guide, Metrics and dimensions; CloudWatch Logs User
Guide, Monitoring usage. The dimension sets are from the npm package @aws-cdk/aws-service-spec
0.1.216, which AWS publishes.
"""

from collections.abc import Mapping

from modules.observability.metrics.metric_definitions import (
    LATENCY,
    LEVEL,
    TOTAL,
    Constant,
    MetricDefinition,
    NamespaceDefinition,
    OwnRegion,
    Reference,
    alike,
    sets,
)
from modules.service import shop_metrics
from modules.settings.edge import EDGE_REGION

_FUNCTION = sets("FunctionName")
_VERSION = sets("FunctionName+Resource")
_FUNCTION_OR_ALIAS = _FUNCTION | sets("FunctionName+Resource")
_LAMBDA = NamespaceDefinition(
    dimensions={
        "FunctionName": Reference(("{aws_lambda_function.function_name}",)),
        "Resource": Reference((
            "{aws_lambda_function.function_name}:{aws_lambda_alias.name}",
            "{aws_lambda_function.function_name}:{aws_lambda_function.version}",
        )),
    },
    metrics={
        **alike("Invocations", "Errors", "Throttles",
                unit="count", statistics=TOTAL, dimension_sets=_FUNCTION_OR_ALIAS),
        **alike("Duration", unit="milliseconds", statistics=(*LATENCY, "Sum"),
                dimension_sets=_FUNCTION_OR_ALIAS),
        **alike("ConcurrentExecutions",
                unit="count", statistics=("Maximum",), dimension_sets=_FUNCTION_OR_ALIAS),
        # The provisioned concurrency of a version that is invoked through an alias: AWS does not
        # document which of the two names Resource then has, so these use the function's sums.
        **alike("ProvisionedConcurrencyInvocations", "ProvisionedConcurrencySpilloverInvocations",
                unit="count", statistics=TOTAL, dimension_sets=_FUNCTION),
        **alike("ProvisionedConcurrentExecutions",
                unit="count", statistics=("Maximum",), dimension_sets=_FUNCTION),
        # It has no sum. It is published for what has the configuration, which is what Application
        # Auto Scaling watches too.
        **alike("ProvisionedConcurrencyUtilization",
                unit="ratio", statistics=("Average", "Maximum"), dimension_sets=_VERSION),
    },
)  # fmt: skip

_STAGE = sets("ApiName+Stage")
_API_GATEWAY = NamespaceDefinition(
    dimensions={
        "ApiName": Reference(("{aws_api_gateway_rest_api.name}",)),
        "Stage": Reference(("{aws_api_gateway_stage.stage_name}",)),
    },
    metrics={
        **alike("Count", unit="count", statistics=("Sum",), dimension_sets=_STAGE),
        **alike("4XXError", "5XXError",
                unit="count", statistics=("Average", "Sum"), dimension_sets=_STAGE),
        **alike("Latency", "IntegrationLatency",
                unit="milliseconds", statistics=LATENCY, dimension_sets=_STAGE),
    },
)  # fmt: skip

_BALANCER = sets("LoadBalancer")
_TARGETS = sets("TargetGroup+LoadBalancer")
_LOAD_BALANCER = NamespaceDefinition(
    dimensions={
        "LoadBalancer": Reference(("{aws_lb.arn_suffix}",)),
        "TargetGroup": Reference(("{aws_lb_target_group.arn_suffix}",)),
    },
    metrics={
        **alike("RequestCount", "HTTPCode_Target_2XX_Count", "HTTPCode_Target_4XX_Count",
                "HTTPCode_Target_5XX_Count",
                unit="count", statistics=TOTAL, dimension_sets=_BALANCER | _TARGETS),
        **alike("HTTPCode_ELB_4XX_Count", "HTTPCode_ELB_5XX_Count", "RejectedConnectionCount",
                unit="count", statistics=TOTAL, dimension_sets=_BALANCER),
        **alike("TargetResponseTime",
                unit="seconds", statistics=LATENCY, dimension_sets=_BALANCER | _TARGETS),
        **alike("ActiveConnectionCount",
                unit="connections", statistics=TOTAL, dimension_sets=_BALANCER),
        **alike("ConsumedLCUs",
                unit="LCU", statistics=("Average", "Maximum", "Sum"), dimension_sets=_BALANCER),
        **alike("HealthyHostCount", "UnHealthyHostCount",
                unit="count", statistics=LEVEL, dimension_sets=_TARGETS),
        **alike("LambdaUserError", "LambdaInternalError",
                unit="count", statistics=TOTAL, dimension_sets=_TARGETS),
        **alike("LambdaTargetProcessedBytes",
                unit="bytes", statistics=TOTAL, dimension_sets=_BALANCER),
    },
)  # fmt: skip

_CLUSTER = sets("DBClusterIdentifier")
_INSTANCES = sets(
    "DBClusterIdentifier", "DBClusterIdentifier+Role", "DBInstanceIdentifier"
)  # fmt: skip
_PROXY = sets("ProxyName")
_RDS = NamespaceDefinition(
    dimensions={
        "DBClusterIdentifier": Reference(
            ("{aws_rds_cluster.cluster_identifier}", "{aws_rds_cluster.id}")
        ),
        "DBInstanceIdentifier": Reference(
            ("{aws_rds_cluster_instance.identifier}", "{aws_rds_cluster_instance.id}")
        ),
        "ProxyName": Reference(("{aws_db_proxy.name}",)),
        "Role": Constant(("READER", "WRITER")),
    },
    metrics={
        **alike("CPUUtilization", "ACUUtilization", "BufferCacheHitRatio",
                unit="percent", statistics=LEVEL, dimension_sets=_INSTANCES),
        **alike("ServerlessDatabaseCapacity",
                unit="ACU", statistics=LEVEL, dimension_sets=_INSTANCES),
        # RDS Proxy publishes its connections under the same name as the instances do.
        **alike("DatabaseConnections", unit="connections",
                statistics=(*LEVEL, "Sum"), dimension_sets=_INSTANCES | _PROXY),
        **alike("FreeableMemory", unit="bytes", statistics=LEVEL, dimension_sets=_INSTANCES),
        **alike("CommitLatency", "ReadLatency", "WriteLatency",
                unit="milliseconds", statistics=LATENCY, dimension_sets=_INSTANCES),
        **alike("Deadlocks", unit="count", statistics=LEVEL, dimension_sets=_INSTANCES),
        **alike("AuroraReplicaLag", "AuroraReplicaLagMaximum",
                unit="milliseconds", statistics=LEVEL, dimension_sets=_INSTANCES),
        **alike("VolumeBytesUsed", unit="bytes", statistics=LEVEL, dimension_sets=_CLUSTER),
        **alike("VolumeReadIOPs", "VolumeWriteIOPs",
                unit="count", statistics=("Average", "Sum"), dimension_sets=_CLUSTER),
        **alike("ClientConnections", "DatabaseConnectionsCurrentlyBorrowed",
                "DatabaseConnectionsCurrentlySessionPinned", "MaxDatabaseConnectionsAllowed",
                unit="connections", statistics=("Maximum", "Sum"), dimension_sets=_PROXY),
        **alike("DatabaseConnectionsBorrowLatency", "QueryDatabaseResponseLatency",
                unit="microseconds", statistics=LATENCY, dimension_sets=_PROXY),
    },
)  # fmt: skip

_GLOBAL = sets("DistributionId+Region", region="edge")
_SUBSCRIPTION = "aws_cloudfront_monitoring_subscription"
_CLOUDFRONT = NamespaceDefinition(
    dimensions={
        "DistributionId": Reference(("{aws_cloudfront_distribution.id}",)),
        "Region": Constant(("Global",)),
    },
    metrics={
        **alike("Requests", unit="count", statistics=TOTAL, dimension_sets=_GLOBAL),
        **alike("BytesDownloaded", "BytesUploaded",
                unit="bytes", statistics=TOTAL, dimension_sets=_GLOBAL),
        **alike("4xxErrorRate", "5xxErrorRate", "TotalErrorRate",
                unit="percent", statistics=("Average",), dimension_sets=_GLOBAL),
        **alike("CacheHitRate", "502ErrorRate", "503ErrorRate", "504ErrorRate", unit="percent",
                statistics=("Average",), dimension_sets=_GLOBAL, needs=_SUBSCRIPTION),
        **alike("OriginLatency", unit="milliseconds",
                statistics=("p50", "p90", "p99"), dimension_sets=_GLOBAL, needs=_SUBSCRIPTION),
    },
)  # fmt: skip

_NAT = NamespaceDefinition(
    dimensions={"NatGatewayId": Reference(("{aws_nat_gateway.id}",))},
    metrics={
        **alike("ErrorPortAllocation", "PacketsDropCount", "ConnectionAttemptCount",
                "ConnectionEstablishedCount", "IdleTimeoutCount",
                unit="count", statistics=TOTAL, dimension_sets=sets("NatGatewayId")),
        **alike("ActiveConnectionCount",
                unit="connections", statistics=("Maximum",), dimension_sets=sets("NatGatewayId")),
        **alike("BytesInFromDestination", "BytesInFromSource", "BytesOutToDestination",
                "BytesOutToSource",
                unit="bytes", statistics=TOTAL, dimension_sets=sets("NatGatewayId")),
    },
)  # fmt: skip

_WAF = NamespaceDefinition(
    dimensions={
        # The value is the metric name; a test checks that it equals the name of the web ACL.
        "WebACL": Reference(
            ("{aws_wafv2_web_acl.name}", "{aws_wafv2_web_acl.visibility_config[0].metric_name}")
        ),
        "Rule": Constant(("ALL", "Default_Action")),
        "Region": OwnRegion(),
    },
    metrics=alike(
        "AllowedRequests", "BlockedRequests", "CountedRequests",
        unit="count",
        statistics=TOTAL,
        dimension_sets=sets("WebACL+Rule", region="edge") | sets("WebACL+Rule+Region"),
    ),
)  # fmt: skip

_S3 = NamespaceDefinition(
    dimensions={
        "BucketName": Reference(("{aws_s3_bucket.bucket}", "{aws_s3_bucket.id}")),
        "StorageType": Constant(
            ("AllStorageTypes", "GlacierStorage", "StandardIAStorage", "StandardStorage")
        ),
    },
    # S3 publishes these once a day.
    metrics={
        **alike("BucketSizeBytes", unit="bytes",
                statistics=("Average",), dimension_sets=sets("BucketName+StorageType")),
        **alike("NumberOfObjects", unit="count",
                statistics=("Average",), dimension_sets=sets("BucketName+StorageType")),
    },
)  # fmt: skip

_LOGS = NamespaceDefinition(
    dimensions={"LogGroupName": Reference(("{aws_cloudwatch_log_group.name}",))},
    metrics={
        **alike("IncomingBytes", unit="bytes",
                statistics=TOTAL, dimension_sets=sets("LogGroupName")),
        **alike("IncomingLogEvents", unit="count",
                statistics=TOTAL, dimension_sets=sets("LogGroupName")),
    },
)  # fmt: skip

_SHOP = NamespaceDefinition(
    # Powertools puts the service into a dimension; the service here is the function's name.
    dimensions={"service": Reference(("{aws_lambda_function.function_name}",))},
    metrics=alike("OrdersPlaced", "OrdersCancelled", "OrdersShortOfStock", "DatabaseUnavailable",
                  unit="count", statistics=TOTAL, dimension_sets=sets("service")),
)  # fmt: skip

NAMESPACES: Mapping[str, NamespaceDefinition] = {
    "AWS/ApiGateway": _API_GATEWAY,
    "AWS/ApplicationELB": _LOAD_BALANCER,
    "AWS/CloudFront": _CLOUDFRONT,
    "AWS/Lambda": _LAMBDA,
    "AWS/Logs": _LOGS,
    "AWS/NATGateway": _NAT,
    "AWS/RDS": _RDS,
    "AWS/S3": _S3,
    "AWS/WAFV2": _WAF,
    shop_metrics.NAMESPACE: _SHOP,
}


class MetricError(ValueError):
    """A metric or an expression for which CloudWatch would have no data."""


def find_metric(namespace: str, name: str) -> MetricDefinition:
    """Return the definition of a metric.

    Raises:
        MetricError: The namespace or the metric is unknown.
    """
    if namespace not in NAMESPACES:
        message = f"{namespace}: no such namespace; one of {', '.join(NAMESPACES)}"
        raise MetricError(message)
    metrics = NAMESPACES[namespace].metrics
    if name not in metrics:
        message = f"{namespace}: no such metric '{name}'; one of {', '.join(sorted(metrics))}"
        raise MetricError(message)
    return metrics[name]


def check_metric(
    *, namespace: str, name: str, dimensions: tuple[str, ...], statistic: str, region: str
) -> MetricDefinition:
    """Check that AWS publishes a metric as it is used, and return its definition.

    Raises:
        MetricError: AWS does not publish this name, these dimension names, this statistic, or in
            this region.
    """
    definition = find_metric(namespace, name)
    subject = f"{namespace} {name}"
    allowed = definition.dimension_sets
    publishing_region = allowed.get(frozenset(dimensions))
    if publishing_region is None or len(set(dimensions)) != len(dimensions):
        known = " or ".join(sorted("+".join(sorted(names)) for names in allowed))
        found = "+".join(dimensions) or "none"
        message = f"{subject}: dimensions {found}; AWS publishes it under {known}"
        raise MetricError(message)
    if statistic not in definition.statistics:
        known = ", ".join(definition.statistics)
        message = f"{subject}: statistic {statistic}; only {known} are meaningful"
        raise MetricError(message)
    if publishing_region == "edge" and region != EDGE_REGION:
        message = f"{subject}: region {region}; AWS publishes it in {EDGE_REGION} only"
        raise MetricError(message)
    return definition
