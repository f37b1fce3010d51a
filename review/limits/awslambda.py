"""Lambda.

Source: Lambda Developer Guide, Lambda quotas; Lambda API reference, CreateFunction.
"""

MEMORY_MEBIBYTES = (128, 10_240)
TIMEOUT_SECONDS = (1, 900)

UNRESERVED_CONCURRENCY = 100
"""How much of an account's concurrency nobody may reserve."""

DEFAULT_CONCURRENCY = 1_000
"""The concurrency of an account and region, unless AWS has raised it."""

ENVIRONMENT_BYTES = 4_096
"""The size of all environment variables of a function."""

RESERVED_VARIABLES = (
    "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
)  # fmt: skip
"""Variables that Lambda sets itself (Lambda Developer Guide, Working with Lambda environment
variables)."""

TRACKING_TARGET = (0.1, 0.9)
"""The utilisation of provisioned concurrency that scaling may aim at (Lambda Developer Guide,
Configuring provisioned concurrency)."""

SCALABLE_DIMENSION = "lambda:function:ProvisionedConcurrency"
"""The scalable dimension of the namespace `lambda` (Application Auto Scaling API reference,
RegisterScalableTarget)."""
