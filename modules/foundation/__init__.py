"""Constructs of the foundation stack: network, log archive and image repository."""
