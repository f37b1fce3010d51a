"""Runs Terraform for the stacks: saved plans, in order, with progress and one error at the end."""
