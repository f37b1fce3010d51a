"""Constructs and values that several stacks use."""
