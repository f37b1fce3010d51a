"""CloudWatch alarms, dashboards and metrics.

Source: CloudWatch API reference, PutMetricAlarm; Dashboard body structure and syntax.
"""

SHORT_PERIODS_SECONDS = (10, 20, 30)
"""Periods below a minute, for metrics of high resolution; others are multiples of 60."""

MINUTE_SECONDS = 60
HOUR_SECONDS = 3_600

WINDOW_SECONDS = 86_400
"""The longest time that an alarm with a period below an hour looks at: period times evaluations."""

LONG_WINDOW_SECONDS = 604_800
"""The same for a period of an hour or more."""

WIDGET_TYPES = ("alarm", "custom", "explorer", "log", "metric", "text")
GRID_WIDTH = 24
WIDGET_SIZE = (1, 1_000)

DIMENSIONS: dict[str, tuple[tuple[str, ...], ...]] = {
    "AWS/Lambda": (
        (), ("FunctionName",), ("FunctionName", "Resource"),
        ("ExecutedVersion", "FunctionName", "Resource"), ("EventSourceMappingUUID",),
        ("EventSourceMappingUUID", "FunctionName"),
    ),
    "AWS/ApiGateway": (
        ("ApiName",), ("ApiName", "Stage"), ("ApiName", "Method", "Resource", "Stage"),
        ("ApiId",), ("ApiId", "Stage"), ("ApiId", "Method", "Resource", "Stage"),
        ("ApiId", "Route"), ("ApiId", "Route", "Stage"),
    ),
    "AWS/ApplicationELB": (
        ("LoadBalancer",), ("AvailabilityZone", "LoadBalancer"), ("LoadBalancer", "TargetGroup"),
        ("AvailabilityZone", "LoadBalancer", "TargetGroup"), ("TargetGroup",),
        ("AvailabilityZone", "TargetGroup"), ("AvailabilityZone",), (),
    ),
    "AWS/CloudFront": (
        ("DistributionId", "Region"), ("DistributionId", "FunctionName", "Region"),
        ("FunctionName", "Region"),
    ),
    "AWS/NATGateway": (("NatGatewayId",),),
    "AWS/RDS": (
        (), ("DBInstanceIdentifier",), ("DBClusterIdentifier",), ("DBClusterIdentifier", "Role"),
        ("DBClusterIdentifier", "SourceRegion"), ("DatabaseClass",), ("EngineName",),
        ("SourceRegion",), ("DbClusterIdentifier", "EngineName"), ("ProxyName",),
        ("EndpointName", "ProxyName"), ("ProxyName", "Target", "TargetGroup"),
        ("ProxyName", "TargetGroup", "TargetRole"),
    ),
    "AWS/S3": (
        ("BucketName", "StorageType"), ("BucketName", "FilterId"),
        ("DestinationBucket", "RuleId", "SourceBucket"),
    ),
    "AWS/SQS": (("QueueName",),),
    "AWS/Logs": (
        (), ("LogGroupName",), ("DestinationType", "FilterName", "LogGroupName"),
    ),
}  # fmt: skip
"""The sets of dimensions that each service emits (each service's guide, CloudWatch metrics)."""
