"""Log groups, log delivery and flow logs."""
