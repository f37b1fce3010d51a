"""Tags."""

TAGGED = (
    "aws_cloudfront_distribution", "aws_cloudwatch_log_group", "aws_cloudwatch_metric_alarm",
    "aws_db_instance", "aws_dynamodb_table", "aws_ecr_repository", "aws_eip", "aws_iam_role",
    "aws_instance", "aws_kms_key", "aws_lambda_function", "aws_lb", "aws_nat_gateway",
    "aws_rds_cluster", "aws_s3_bucket", "aws_secretsmanager_secret", "aws_security_group",
    "aws_sns_topic", "aws_sqs_queue", "aws_subnet", "aws_vpc",
)  # fmt: skip
"""Resources that cost money or hold something, and take tags (the provider's schema)."""
