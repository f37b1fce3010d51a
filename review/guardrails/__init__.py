"""Rules about what AWS refuses or misbehaves on, although Terraform accepts it."""
