"""Reviews the plans of an environment: for `make review`, `make drift` and `make deploy`."""
