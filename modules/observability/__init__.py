"""Metrics, dashboards and alarms.

- `alarms/platform_alarms.py`: every alarm; add yours there, and its entry to `docs/runbook.md`.
- `dashboards/`: every chart; add yours to the file of the question it answers.
- `metrics/published_metrics.py`: every metric that alarms and charts may use.
- `resources/`: every resource that has metrics.
"""
