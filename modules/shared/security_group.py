"""What all security groups have in common."""

from cdktf import TerraformResourceLifecycle

KEPT_DESCRIPTION = TerraformResourceLifecycle(ignore_changes=["description"])
"""Lifecycle of a security group whose description stays as it was created.

AWS cannot change a description, so Terraform would replace the group. AWS neither deletes a group
in use nor accepts a second group of its name in the VPC.
"""
