"""Extensions of API Gateway: REST APIs and their deployments."""
