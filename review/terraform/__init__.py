"""Reads Terraform JSON: synthesised or hand-written configurations, and plans."""

from review.terraform.blocks import Block, NotEvaluableError, Resource
from review.terraform.configuration import Configuration, Link
from review.terraform.inputs import read_inputs
from review.terraform.values import Reference, Unknown

__all__ = [
    "Block",
    "Configuration",
    "Link",
    "NotEvaluableError",
    "Reference",
    "Resource",
    "Unknown",
    "read_inputs",
]
