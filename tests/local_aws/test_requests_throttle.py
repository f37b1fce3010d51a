"""The request limits of a stage, and the settings of its methods."""

import pytest

from local_aws.requests.rest_api.throttle import (
    ACCOUNT_BURST,
    ACCOUNT_RATE,
    Limit,
    Throttle,
    limit_of,
    settings_of,
)


def test_a_bucket_allows_a_burst_and_refills_over_time() -> None:
    times = [0.0]
    throttle = Throttle(clock=lambda: times[-1])
    limit = Limit(rate=2, burst=3)

    def admitted(key: str = "stage") -> int:
        return sum(throttle.admits((key,), limit) for _ in range(10))

    assert admitted() == 3
    assert admitted("another stage") == 3
    times.append(0.4)
    assert admitted() == 0
    times.append(1.0)
    assert admitted() == 2
    times.append(1_000.0)
    assert admitted() == 3


@pytest.mark.parametrize(
    ("path", "method", "key"),
    [
        ("/orders/{id}", "GET", "orders~1{id}/GET"),
        ("/orders/{id}", "POST", "*/*"),
        ("/", "GET", "~1/GET"),
    ],
)
def test_a_methods_settings_win_over_the_stages(path: str, method: str, key: str) -> None:
    settings = {name: {"own": name} for name in ("*/*", "orders~1{id}/GET", "~1/GET")}
    assert settings_of(settings, resource_path=path, http_method=method) == (key, {"own": key})


def test_a_stage_without_limits_has_the_accounts_limits() -> None:
    assert limit_of({}) == Limit(rate=ACCOUNT_RATE, burst=ACCOUNT_BURST)
    assert limit_of({"throttlingRateLimit": 5.5, "throttlingBurstLimit": 0}) == Limit(
        rate=5.5, burst=0
    )
