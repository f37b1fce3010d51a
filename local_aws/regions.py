"""The AWS region with a special role."""

GLOBAL_REGION = "us-east-1"
"""The region of services that have no regions, such as IAM and CloudFront with Lambda@Edge."""
