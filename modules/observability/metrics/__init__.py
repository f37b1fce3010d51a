"""Metrics as dashboards and alarms use them, checked against what AWS publishes."""
