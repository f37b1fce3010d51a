"""API Gateway's REST APIs: stages, deployments, methods, integrations."""
