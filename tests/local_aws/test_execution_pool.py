"""The pool of execution environments, tested without processes."""

from types import SimpleNamespace
from typing import cast

import pytest

from local_aws.execution import pool as pool_module
from local_aws.execution.environment import ExecutionEnvironment
from local_aws.execution.function_version import FunctionVersion
from local_aws.execution.invocation import InvokeError
from local_aws.execution.pool import Pool


class _Environment:
    """An execution environment without a process."""

    version = cast("FunctionVersion", SimpleNamespace(working_copy=None))
    usable = True
    retired = False
    used_at = 0.0
    ended = False

    def end(self) -> None:
        self.ended = True


def _use(pool: Pool) -> _Environment:
    """Run one event and return the environment that it ran in."""
    with pool.environment(
        _Environment.version,
        start=lambda: cast("ExecutionEnvironment", _Environment()),
        reserved_concurrency=None,
    ) as environment:
        return cast("_Environment", environment)


def test_an_idle_environment_is_reused_and_ends_when_unused(
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


def test_an_ended_pool_starts_no_environment() -> None:
    pool = Pool()
    first = _use(pool)

    pool.end()

    assert first.ended
    with pytest.raises(InvokeError, match="stopping"):
        _use(pool)
