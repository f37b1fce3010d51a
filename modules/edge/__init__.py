"""Constructs of the edge stack: CloudFront with its function, origins and logs."""
