"""Load balancers.

Source: Elastic Load Balancing, User Guide for Application Load Balancers.
"""

LISTENER_PRIORITY = (1, 50_000)
"""The priority of a rule (Elastic Load Balancing API reference, CreateRule)."""

IDLE_SECONDS = (1, 4_000)
"""The idle timeout of an Application Load Balancer."""

ZONES = 2
"""How many zones an Application Load Balancer needs at least."""

LOG_SERVICE = "logdelivery.elasticloadbalancing.amazonaws.com"
"""The service that writes access logs."""
