"""CloudFront and Lambda@Edge.

Source: CloudFront Developer Guide, Restrictions on Lambda@Edge; Quotas.
"""

EDGE_REGION = "us-east-1"
"""Where functions, certificates and firewalls of CloudFront are."""

VIEWER_MEMORY_MEBIBYTES = 128
VIEWER_TIMEOUT_SECONDS = 5
ORIGIN_TIMEOUT_SECONDS = 30

VIEWER_EVENTS = ("viewer-request", "viewer-response")
ORIGIN_EVENTS = ("origin-request", "origin-response")

ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
"""The id of the managed origin request policy AllViewer, which forwards the Host header."""

FAILOVER_METHODS = ("GET", "HEAD", "OPTIONS")
"""The methods of a request that CloudFront repeats at the second origin of a group."""

WAF_LOG_PREFIX = "aws-waf-logs-"
"""How the name of a firewall's log destination begins (WAF Developer Guide, Sending web ACL traffic
logs to a CloudWatch Logs log group)."""
