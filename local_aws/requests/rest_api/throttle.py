"""Limits the request rate of a stage (API Gateway Developer Guide, Throttle requests)."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

ACCOUNT_RATE = 10_000.0
ACCOUNT_BURST = 5_000
"""The account's limits, for stages without their own (API Gateway quotas)."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The sustained rate in requests per second, and the number of requests at once."""

    rate: float
    burst: float


@dataclass
class _Bucket:
    tokens: float
    filled: float


@dataclass
class Throttle:
    """A token bucket for each stage, and for each of its methods with own settings."""

    clock: Callable[[], float] = time.monotonic
    """The monotonic clock, in seconds."""

    _buckets: dict[tuple[str, ...], _Bucket] = field(default_factory=dict[tuple[str, ...], _Bucket])
    _lock: Lock = field(default_factory=Lock)

    def admits(self, key: tuple[str, ...], limit: Limit) -> bool:
        """Take a token; return whether there was one."""
        now = self.clock()
        with self._lock:
            bucket = self._buckets.setdefault(key, _Bucket(tokens=limit.burst, filled=now))
            grown = bucket.tokens + (now - bucket.filled) * limit.rate
            bucket.tokens = min(limit.burst, grown)
            bucket.filled = now
            if bucket.tokens < 1:
                return False
            bucket.tokens -= 1
            return True


def settings_of(
    settings: Mapping[str, Mapping[str, Any]], *, resource_path: str, http_method: str
) -> tuple[str, Mapping[str, Any]]:
    """Return a method's settings in a stage, after their key: its own path, or `*/*`."""
    own = f"{resource_path.lstrip('/').replace('/', '~1')}/{http_method}"
    for path in (own, f"~1{own}"):
        if path in settings:
            return path, settings[path]
    return "*/*", settings.get("*/*", {})


def limit_of(settings: Mapping[str, Any]) -> Limit:
    """Return the limit in the settings, or the account's limit without one."""
    rate = float(settings.get("throttlingRateLimit", -1))
    burst = float(settings.get("throttlingBurstLimit", -1))
    return Limit(
        rate=ACCOUNT_RATE if rate < 0 else rate, burst=ACCOUNT_BURST if burst < 0 else burst
    )
