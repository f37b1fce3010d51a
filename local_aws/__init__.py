"""The embedded AWS: moto in server mode, extended to run databases, functions and requests."""
