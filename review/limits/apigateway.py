"""API Gateway.

Source: API Gateway Developer Guide, Quotas for REST APIs.
"""

INTEGRATION_MILLISECONDS = (50, 29_000)
"""The timeout of an integration. The upper limit of regional and private APIs can be raised."""

EXECUTION_LOG_PREFIX = "API-Gateway-Execution-Logs_"
"""How the log group of a stage's execution logs begins; then `{api-id}/{stage}`."""

AUTHORIZER_TYPES = {
    "COGNITO_USER_POOLS": ("COGNITO_USER_POOLS",),
    "CUSTOM": ("REQUEST", "TOKEN"),
}
"""The types of authorizers for each authorization of a method (API Gateway REST API reference,
CreateAuthorizer)."""
