"""Addresses and ports with a fixed meaning."""

ANYWHERE = "0.0.0.0/0"
"""All IPv4 addresses."""

HTTP_PORT = 80
HTTPS_PORT = 443
