"""Alarms, dashboards and topics."""
