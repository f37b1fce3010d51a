"""Requests to REST APIs of API Gateway."""
