"""Constructs of the data stack: database and user pool."""
