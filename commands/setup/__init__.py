"""Brings Terraform and its AWS provider into the project folder; `make setup` runs it.

Standard library only, so that it works before anything else does.
"""
