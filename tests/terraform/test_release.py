"""A release, applied by the real Terraform to the embedded AWS."""

from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from local_aws import control
from tests.ports import free_port
from tests.synthesis import Stack, synthesise
from tests.terraform.release_stack import (
    NAME,
    Applied,
    ReleaseStack,
    as_version_0_1_0,
    cut_out,
)

pytestmark = [pytest.mark.terraform, pytest.mark.local_aws, pytest.mark.slow]

READY = "exports.handler = async () => '%s';"
UNREADY = "exports.handler = async () => { throw new Error('not ready'); };"
BROKEN = "throw new Error('cannot start');"

PROVISIONED = "lambda_provisioned_concurrency_config"
ORDER = [
    "Modifying lambda_function",
    "Creating lambda_invocation",
    f"Creating {PROVISIONED}",
    "Creating appautoscaling_target",
    "Creating appautoscaling_policy",
    "Creating appautoscaling_scheduled_action",
    "Creating appautoscaling_scheduled_action",
    "Modifying lambda_alias",
    "Destroying appautoscaling_scheduled_action",
    "Destroying appautoscaling_scheduled_action",
    "Destroying appautoscaling_policy",
    "Destroying appautoscaling_target",
    f"Destroying {PROVISIONED}",
]
"""What a release changes, in order; without the old invocation, which Terraform only forgets."""

KEY = "PLATFORM__FUNCTION__PROVISIONED_CONCURRENCY"


@cache
def _service(**variables: str) -> Stack:
    with TemporaryDirectory() as folder:
        return synthesise("local", folder=Path(folder), variables=variables).stacks["service"]


@pytest.fixture
def stack(tmp_path: Path) -> Generator[ReleaseStack]:
    folder = tmp_path / "stack"
    folder.mkdir()
    server = control.start(port=free_port(), folder=tmp_path / "local-aws")
    yield ReleaseStack(folder=folder, server=server)
    control.stop(folder=tmp_path / "local-aws")


@pytest.fixture
def release(stack: ReleaseStack) -> Callable[..., Applied]:
    """Return a function that releases code, by default with the scaling of `local`."""

    def release(code: str, **variables: str) -> Applied:
        stack.write(_service(**variables), code=code)
        return stack.apply()

    return release


def _answering(word: str) -> str:
    return READY % word


def _ordered(applied: Applied) -> list[str]:
    return [step for step in applied.steps if step != "Destroying lambda_invocation"]


def test_the_alias_moves_between_two_versions_that_are_ready(
    stack: ReleaseStack, release: Callable[..., Applied]
) -> None:
    first = release(_answering("first"))
    assert first.succeeded, first.output
    assert stack.is_settled()
    assert (stack.invoke(), stack.provisioned(), stack.targets()) == (
        "first", {"1": "READY"}, {"1": (2, 10)},
    )  # fmt: skip

    second = release(_answering("second"))

    assert second.succeeded, second.output
    assert _ordered(second) == ORDER
    assert stack.is_settled()
    assert (stack.invoke(), stack.provisioned(), stack.targets()) == (
        "second", {"2": "READY"}, {"2": (2, 10)},
    )  # fmt: skip
    assert stack.scheduled() == [f"{NAME}-day", f"{NAME}-night"]
    stack.destroy()


@pytest.mark.parametrize("faulty", [BROKEN, UNREADY], ids=["does not start", "is not ready"])
def test_a_version_that_fails_gets_no_traffic_and_the_next_release_works(
    stack: ReleaseStack, release: Callable[..., Applied], faulty: str
) -> None:
    release(_answering("first"))

    failed = release(faulty)

    assert not failed.succeeded
    assert "Error" in failed.output
    # The old version keeps its environments; the new one gets none.
    assert (stack.invoke(), stack.provisioned(), stack.targets()) == (
        "first", {"1": "READY"}, {"1": (2, 10)},
    )  # fmt: skip

    corrected = release(_answering("third"))
    assert corrected.succeeded, corrected.output
    assert stack.is_settled()
    assert (stack.invoke(), stack.provisioned()) == ("third", {"3": "READY"})


def test_a_release_that_stopped_after_its_provisioned_concurrency_is_made_up_for(
    stack: ReleaseStack, release: Callable[..., Applied]
) -> None:
    release(_answering("first"))
    blocks = cut_out(_service())
    for alias in blocks["aws_lambda_alias"].values():
        alias["function_version"] = "99"
    stack.write(_service(), code=_answering("second"), resources=blocks)
    assert not stack.apply().succeeded
    assert stack.invoke() == "first"
    assert stack.provisioned() == {"1": "READY", "2": "READY"}

    third = release(_answering("third"))

    assert third.succeeded, third.output
    assert stack.is_settled()
    assert (stack.invoke(), stack.provisioned()) == ("third", {"3": "READY"})


def test_provisioned_concurrency_is_switched_on_changed_and_off(
    stack: ReleaseStack, release: Callable[..., Applied]
) -> None:
    off = {KEY: "null"}
    base = {f"{KEY}__MIN_CAPACITY": "3", f"{KEY}__SCHEDULES": "[]"}

    assert release(_answering("first"), **off).succeeded
    assert (stack.invoke(), stack.provisioned()) == ("first", {})
    on = release(_answering("first"), **base)
    assert on.succeeded, on.output
    assert (stack.provisioned(), stack.targets()) == ({"1": "READY"}, {"1": (3, 10)})
    changed = release(_answering("second"))
    assert changed.succeeded, changed.output
    assert (stack.provisioned(), stack.targets()) == ({"2": "READY"}, {"2": (2, 10)})
    assert stack.is_settled()
    last = release(_answering("third"), **off)
    assert last.succeeded, last.output
    assert (stack.invoke(), stack.provisioned(), stack.targets()) == ("third", {}, {})
    assert stack.is_settled()
    assert _ordered(last).index("Modifying lambda_alias") < _ordered(last).index(
        f"Destroying {PROVISIONED}"
    )


def test_the_scaling_of_version_0_1_0_moves_from_the_alias_to_the_version(
    stack: ReleaseStack, release: Callable[..., Applied]
) -> None:
    stack.write(_service(), code=_answering("first"), resources=as_version_0_1_0(_service()))
    # Its changes of one target overlap, so it may take several attempts.
    assert any(stack.apply().succeeded for _ in range(5))
    assert stack.provisioned() == {"live": "READY"}

    upgraded = release(_answering("second"))

    assert upgraded.succeeded, upgraded.output
    assert stack.is_settled()
    assert (stack.invoke(), stack.provisioned(), stack.targets()) == (
        "second", {"2": "READY"}, {"2": (2, 10)},
    )  # fmt: skip
    assert stack.scheduled() == [f"{NAME}-day", f"{NAME}-night"]
