"""`make setup`: installs Terraform and its AWS provider into the project folder.

It imports the standard library only, so that it works before anything else is installed.
"""
