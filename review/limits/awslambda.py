"""Lambda.

Source: Lambda Developer Guide, Lambda quotas; Lambda API reference, CreateFunction.
"""

MEMORY_MEBIBYTES = (128, 10_240)
TIMEOUT_SECONDS = (1, 900)

UNRESERVED_CONCURRENCY = 100
"""How much of an account's concurrency nobody may reserve."""

DEFAULT_CONCURRENCY = 1_000
"""The concurrency of an account and region, unless AWS has raised it."""

TRACKING_TARGET = (0.1, 0.9)
"""The utilisation of provisioned concurrency that scaling may aim at (Lambda Developer Guide,
Configuring provisioned concurrency)."""

SCALABLE_DIMENSION = "lambda:function:ProvisionedConcurrency"
"""The scalable dimension of the namespace `lambda` (Application Auto Scaling API reference,
RegisterScalableTarget)."""
