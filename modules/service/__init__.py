"""Constructs of the service stack: functions, REST API and load balancer."""
