"""Whether what is deployed differs from what the code in this folder describes."""

from modules.settings import Settings


def describe_drift(*, settings: Settings) -> str:
    """Return a line about drift. Only a plan finds it, and a plan takes minutes on AWS."""
    suffix = f" SUFFIX={settings.suffix}" if settings.suffix else ""
    return f"unknown; `make plan ENV={settings.environment}{suffix}` finds out"
