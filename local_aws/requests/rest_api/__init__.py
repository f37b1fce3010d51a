"""Requests to REST APIs, as API Gateway handles them."""
