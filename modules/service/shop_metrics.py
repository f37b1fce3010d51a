"""The shop's own metrics, which the function writes to its log (container/src/metrics.ts)."""

NAMESPACE = "Shop"
"""Namespace of the metrics, which the function writes and dashboards read."""
