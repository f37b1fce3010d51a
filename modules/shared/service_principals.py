"""AWS services as principals of policies and permissions, where several constructs name them."""

API_GATEWAY = "apigateway.amazonaws.com"

LAMBDA = "lambda.amazonaws.com"

EDGE_LAMBDA = "edgelambda.amazonaws.com"
"""Replicates functions to CloudFront's locations; Lambda@Edge needs it beside `LAMBDA`."""

LOAD_BALANCING = "elasticloadbalancing.amazonaws.com"

LOAD_BALANCING_LOGS = f"logdelivery.{LOAD_BALANCING}"
"""Writes access logs of load balancers to S3."""

LOG_DELIVERY = "delivery.logs.amazonaws.com"
"""CloudWatch's vended logs: writes logs of CloudFront and of web ACLs."""
