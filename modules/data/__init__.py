"""Data: what must not be lost."""
