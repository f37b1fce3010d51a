"""Rules about what AWS refuses or misbehaves on, although Terraform accepts it."""

from review.guardrails.paths import guard_paths
from review.guardrails.text import render

__all__ = ["guard_paths", "render"]
