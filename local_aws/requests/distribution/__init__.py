"""Requests to CloudFront distributions."""
