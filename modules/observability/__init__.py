"""What is watched: metrics, dashboards and alarms, all from one typed metric model."""
