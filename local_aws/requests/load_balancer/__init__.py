"""Requests to Application Load Balancers."""
