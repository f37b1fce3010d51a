"""Lambda: functions, their permissions, and provisioned concurrency."""
