"""Constructs and policies that two stacks or more use."""
