"""Service: what changes at every release."""
