"""Resources that are billed by time or by capacity, whether they are used or not.

Source: the pricing page of each service. Amounts stand in none of these tables: they change.
"""

from collections.abc import Mapping
from dataclasses import dataclass

HOURS = 730
"""The hours of a month, as AWS's pricing pages count them."""


@dataclass(frozen=True, kw_only=True)
class Charge:
    """How a type is billed."""

    unit: str
    """In words, such as `per hour, and per GB that passes`."""

    per: str = "hour"
    """What a price in a price table is for: `hour` or `month`."""

    times: str = ""
    """The argument by which the price is multiplied: a number, or a list that is counted."""

    only: tuple[tuple[str, object], ...] = ()
    """Values that arguments have if it is billed."""


CHARGES: Mapping[str, Charge] = {
    "aws_alb": Charge(unit="per hour, and per capacity unit"),
    "aws_api_gateway_stage": Charge(
        unit="per hour of its cache", only=(("cache_cluster_enabled", True),)
    ),
    "aws_cloudwatch_composite_alarm": Charge(unit="per month", per="month"),
    "aws_cloudwatch_dashboard": Charge(unit="per month beyond the third", per="month"),
    "aws_cloudwatch_metric_alarm": Charge(unit="per month and metric", per="month"),
    "aws_db_instance": Charge(unit="per hour, by its class, and per GB of storage"),
    "aws_db_proxy": Charge(unit="per hour and vCPU of its database"),
    "aws_directory_service_directory": Charge(unit="per hour"),
    "aws_docdb_cluster_instance": Charge(unit="per hour, by its class"),
    "aws_ebs_volume": Charge(unit="per GB and month", per="month", times="size"),
    "aws_ec2_transit_gateway_vpc_attachment": Charge(unit="per hour, and per GB that passes"),
    "aws_ecs_service": Charge(unit="per hour, vCPU and GB of its tasks", times="desired_count"),
    "aws_eip": Charge(unit="per hour"),
    "aws_eks_cluster": Charge(unit="per hour"),
    "aws_eks_node_group": Charge(unit="per hour of its instances"),
    "aws_elasticache_cluster": Charge(unit="per hour and node", times="num_cache_nodes"),
    "aws_elasticache_replication_group": Charge(
        unit="per hour and node", times="num_cache_clusters"
    ),
    "aws_elb": Charge(unit="per hour, and per GB that passes"),
    "aws_fsx_lustre_file_system": Charge(
        unit="per GB and month", per="month", times="storage_capacity"
    ),
    "aws_globalaccelerator_accelerator": Charge(unit="per hour, and per GB that passes"),
    "aws_instance": Charge(unit="per hour, by its type"),
    "aws_kinesis_stream": Charge(unit="per hour and shard", times="shard_count"),
    "aws_kms_key": Charge(unit="per month", per="month"),
    "aws_lambda_provisioned_concurrency_config": Charge(
        unit="per hour, GB of memory and instance kept warm",
        times="provisioned_concurrent_executions",
    ),
    "aws_appautoscaling_target": Charge(
        unit="per hour, GB of memory and instance kept warm", times="min_capacity",
        only=(("service_namespace", "lambda"),),
    ),
    "aws_lb": Charge(unit="per hour, and per capacity unit"),
    "aws_mq_broker": Charge(unit="per hour, by its type"),
    "aws_msk_cluster": Charge(unit="per hour and broker", times="number_of_broker_nodes"),
    "aws_nat_gateway": Charge(unit="per hour, and per GB that passes"),
    "aws_neptune_cluster_instance": Charge(unit="per hour, by its class"),
    "aws_opensearch_domain": Charge(unit="per hour of its instances, and per GB"),
    "aws_rds_cluster_instance": Charge(unit="per hour, by its class or its ACU"),
    "aws_redshift_cluster": Charge(unit="per hour and node", times="number_of_nodes"),
    "aws_route53_health_check": Charge(unit="per month", per="month"),
    "aws_route53_zone": Charge(unit="per month", per="month"),
    "aws_secretsmanager_secret": Charge(unit="per month", per="month"),
    "aws_vpc_endpoint": Charge(
        unit="per hour and zone, and per GB that passes", times="subnet_ids",
        only=(("vpc_endpoint_type", "Interface"),),
    ),
    "aws_vpn_connection": Charge(unit="per hour"),
    "aws_wafv2_web_acl": Charge(unit="per month, and per rule", per="month"),
}  # fmt: skip

CAPACITIES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "aws_appautoscaling_target": (("min_capacity",), ("max_capacity",)),
    "aws_db_instance": (("instance_class",), ("allocated_storage",), ("multi_az",)),
    "aws_ebs_volume": (("size",), ("type",), ("iops",)),
    "aws_ecs_service": (("desired_count",),),
    "aws_elasticache_cluster": (("node_type",), ("num_cache_nodes",)),
    "aws_elasticache_replication_group": (("node_type",), ("num_cache_clusters",)),
    "aws_instance": (("instance_type",),),
    "aws_kinesis_stream": (("shard_count",),),
    "aws_lambda_function": (("memory_size",),),
    "aws_lambda_provisioned_concurrency_config": (("provisioned_concurrent_executions",),),
    "aws_msk_cluster": (("number_of_broker_nodes",),),
    "aws_opensearch_domain": (("cluster_config",),),
    "aws_rds_cluster": (("serverlessv2_scaling_configuration",), ("allocated_storage",)),
    "aws_rds_cluster_instance": (("instance_class",),),
    "aws_redshift_cluster": (("node_type",), ("number_of_nodes",)),
}
"""Arguments whose change in place changes what is billed."""
