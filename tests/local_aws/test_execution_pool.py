"""How execution environments are kept and let go, without a process."""

from typing import cast

import pytest

from local_aws.execution import pool as pool_module
from local_aws.execution.environment import ExecutionEnvironment
from local_aws.execution.function_version import FunctionVersion
from local_aws.execution.invocation import InvokeError
from local_aws.execution.pool import Pool


class _Environment:
    """What a pool sees of an environment."""

    version = cast("FunctionVersion", "a version")
    usable = True
    retired = False
    used_at = 0.0
    ended = False

    def end(self) -> None:
        self.ended = True


def _use(pool: Pool) -> _Environment:
    """Lets one event run and returns what it ran in."""
    with pool.environment(
        _Environment.version,
        start=lambda: cast("ExecutionEnvironment", _Environment()),
        reserved_concurrency=None,
    ) as environment:
        return cast("_Environment", environment)


def test_an_environment_waits_for_the_next_event_and_goes_when_none_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool = Pool()
    first = _use(pool)
    pool.end_unused()
    assert _use(pool) is first

    monkeypatch.setattr(pool_module, "UNUSED_SECONDS", -1.0)
    pool.end_unused()

    assert first.ended
    assert _use(pool) is not first


def test_nothing_starts_once_all_was_ended() -> None:
    pool = Pool()
    first = _use(pool)

    pool.end()

    assert first.ended
    with pytest.raises(InvokeError, match="stopping"):
        _use(pool)
