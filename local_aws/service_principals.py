"""The AWS services that act in an account, as policies name them."""

API_GATEWAY = "apigateway.amazonaws.com"
EDGE_LAMBDA = "edgelambda.amazonaws.com"
LAMBDA = "lambda.amazonaws.com"
LOAD_BALANCING = "elasticloadbalancing.amazonaws.com"
RDS = "rds.amazonaws.com"
