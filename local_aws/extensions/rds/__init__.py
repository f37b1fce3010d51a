"""Extensions of RDS: clusters with their instances, parameter groups, proxies and secrets."""
