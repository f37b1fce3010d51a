"""The product's name, from which the defaults of a project's names follow."""

PRODUCT = "ecommerce"
"""Start of every resource name, database name and cost centre, unless an environment sets its own.

Lower-case letters, digits and hyphens, at most 20 characters. docs/own-product.md says when to
change it.
"""
