"""A wrong input or an expected failure ends a command with one message and no traceback."""

import re
import runpy
import sys
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from commands.shared.console import CommandError, user_errors
from local_aws.control import LocalAwsError
from modules.toolchain import ROOT, SetupError

Run = Callable[[str], object]

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
WITHOUT_ENVIRONMENT = {"benchmark", "benchmark_review", "setup", "toolchain"}
"""Commands that are about no environment."""

COMMANDS = sorted(set(re.findall(r"-m commands\.(\w+)$", MAKEFILE, re.MULTILINE)))
"""Modules that the Makefile runs."""


@pytest.fixture(autouse=True)
def _no_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["command"])
    for name in ("CONFIRM", "ENVIRONMENT", "ENVIRONMENT_SUFFIX", "FORMAT", "RUNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as `python -m` does, and return what it exits with. Text means status 1."""

    def run(command: str) -> object:
        module = f"commands.{command}"
        monkeypatch.delitem(sys.modules, module, raising=False)
        with pytest.raises(SystemExit) as caught:
            runpy.run_module(module, run_name="__main__")
        return caught.value.code

    return run


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - WITHOUT_ENVIRONMENT))
def test_an_unknown_environment_is_named(
    monkeypatch: pytest.MonkeyPatch, run: Run, command: str
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "sol")
    assert run(command) == (
        "ENVIRONMENT: no environment is named 'sol'; one of dev, local, prod, staging"
    )


@pytest.mark.parametrize("command", ["deploy", "outputs", "settings"])
def test_an_unknown_format_is_named_before_anything_is_done(
    monkeypatch: pytest.MonkeyPatch, run: Run, command: str
) -> None:
    monkeypatch.setenv("FORMAT", "xml")
    assert run(command) == "FORMAT: there is no format 'xml'; use json or table."


@pytest.mark.parametrize(
    ("command", "variable", "message"),
    [
        ("load", "LOAD_SECONDS", "LOAD_SECONDS: 'soon' must be a number of seconds, at least 5."),
        ("benchmark", "RUNS", "RUNS: 'soon' must be a whole number, at least 1."),
    ],
)
def test_a_wrong_number_is_named(
    monkeypatch: pytest.MonkeyPatch, run: Run, command: str, variable: str, message: str
) -> None:
    monkeypatch.setenv(variable, "soon")
    assert run(command) == message


@pytest.mark.parametrize(
    "error",
    [
        CommandError("The synthesis failed, see above."),
        LocalAwsError("Port 4577 is taken."),
        SetupError("Terraform is not set up: run `make setup`."),
    ],
)
def test_an_error_for_the_user_is_its_message_alone(error: Exception) -> None:
    with pytest.raises(SystemExit) as caught, user_errors():
        raise error
    assert caught.value.code == str(error)


@pytest.mark.parametrize(
    "error",
    [
        NoCredentialsError(),
        ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeImages"),
    ],
)
def test_what_aws_says_is_passed_on(error: Exception) -> None:
    with pytest.raises(SystemExit) as caught, user_errors():
        raise error
    assert caught.value.code == f"AWS refused a request, or did not answer: {error}"


def test_a_defect_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), user_errors():
        _ = 1 / 0
