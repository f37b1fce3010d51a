"""`make dev`: the deployed API answers with the code of the working copy, rebuilt at each save."""
