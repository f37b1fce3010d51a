"""Resources that serve, and what interrupts them.

Source: the documentation of each resource of the AWS provider.
"""

from collections.abc import Mapping

SERVING: Mapping[str, str] = {
    "aws_acm_certificate": "TLS",
    "aws_api_gateway_*": "the API",
    "aws_apigatewayv2_*": "the API",
    "aws_autoscaling_group": "its instances",
    "aws_cloudfront_*": "the distribution",
    "aws_cognito_*": "sign-in",
    "aws_db_*": "the database",
    "aws_docdb_*": "the database",
    "aws_ecs_*": "its tasks",
    "aws_eip*": "whoever uses the address",
    "aws_eks_addon": "the add-on",
    "aws_eks_fargate_profile": "its pods",
    "aws_eks_node_group": "its pods",
    "aws_eks_*": "the cluster",
    "aws_elasticache_*": "the cache",
    "aws_alb*": "the balancer",
    "aws_lb*": "the balancer",
    "aws_elb*": "the balancer",
    "aws_iam_*": "whoever has the permission",
    "aws_instance": "the instance",
    "aws_internet_gateway*": "the network",
    "aws_kms_*": "what the key encrypts",
    "aws_lambda_*": "the function",
    "aws_nat_gateway": "the network",
    "aws_network_acl*": "the network",
    "aws_rds_*": "the database",
    "aws_route53_*": "whoever looks up its names",
    "aws_route*": "the network",
    "aws_s3_bucket*": "the bucket",
    "aws_scheduler_*": "its schedule",
    "aws_security_group*": "the network",
    "aws_sns_*": "its messages",
    "aws_sqs_*": "its messages",
    "aws_subnet": "the network",
    "aws_vpc*": "the network",
    "aws_wafv2_*": "the firewall",
    "random_password": "whoever uses the password",
    "tls_*": "whoever uses the key",
}
"""What is interrupted while an object of a type is gone. `*` stands for any text."""

ADDRESSED: tuple[str, ...] = (
    "aws_api_gateway_rest_api", "aws_apigatewayv2_api", "aws_alb", "aws_cloudfront_distribution",
    "aws_cognito_user_pool", "aws_cognito_user_pool_client", "aws_cognito_user_pool_domain",
    "aws_db_instance", "aws_db_proxy", "aws_eip", "aws_elb", "aws_instance",
    "aws_lambda_function_url", "aws_lb", "aws_nat_gateway", "aws_rds_cluster", "aws_route53_zone",
    "aws_sns_topic", "aws_sqs_queue", "aws_vpc",
)  # fmt: skip
"""Types whose objects are known outside Terraform by an address that a new object does not have."""

RESTARTS: Mapping[str, tuple[str, ...]] = {
    "aws_db_instance": (
        "allocated_storage", "engine_version", "instance_class", "multi_az", "parameter_group_name",
    ),
    "aws_docdb_cluster": ("engine_version",),
    "aws_docdb_cluster_instance": ("instance_class",),
    "aws_elasticache_cluster": ("engine_version", "node_type"),
    "aws_elasticache_replication_group": ("engine_version", "node_type"),
    "aws_instance": ("instance_type", "user_data"),
    "aws_mq_broker": ("configuration", "engine_version", "host_instance_type"),
    "aws_msk_cluster": ("broker_node_group_info", "kafka_version"),
    "aws_neptune_cluster": ("engine_version",),
    "aws_opensearch_domain": ("cluster_config", "engine_version"),
    "aws_rds_cluster": (
        "db_cluster_parameter_group_name", "engine_version", "master_username", "port",
    ),
    "aws_rds_cluster_instance": ("db_parameter_group_name", "engine_version", "instance_class"),
    "aws_redshift_cluster": ("cluster_type", "node_type", "number_of_nodes"),
}  # fmt: skip
"""Arguments whose change in place restarts an object, at once or in its maintenance window."""

HARMLESS: tuple[str, ...] = (
    "archive_file", "aws_appautoscaling_*", "aws_budgets_*", "aws_cloudwatch_composite_alarm",
    "aws_cloudwatch_dashboard", "aws_cloudwatch_log_metric_filter", "aws_cloudwatch_metric_alarm",
    "aws_cloudwatch_query_definition", "aws_resourcegroups_group", "aws_s3_object", "local_file",
    "null_resource", "random_bytes", "random_id", "random_integer", "random_pet", "random_shuffle",
    "random_string", "random_uuid", "terraform_data", "time_*",
    "aws_api_gateway_deployment", "aws_ec2_tag", "aws_lambda_layer_version",
    "aws_db_parameter_group", "aws_rds_cluster_parameter_group", "aws_launch_template",
)  # fmt: skip
"""Types whose objects may go without harm to data or to what serves."""
