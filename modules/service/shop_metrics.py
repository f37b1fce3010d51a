"""The shop's own metrics, which the function writes to its log (container/src/metrics.ts)."""

NAMESPACE = "Shop"
"""Passed to the function, and what dashboards look for."""
