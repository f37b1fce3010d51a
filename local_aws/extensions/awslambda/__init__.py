"""Lambda: functions, and the provisioned concurrency of versions and aliases."""
