"""`make status`: shows in one screen what is deployed, and whether it is well."""
