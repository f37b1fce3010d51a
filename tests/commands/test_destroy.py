"""Nothing protected is ever destroyed, and nothing without confirmation."""

import io
from typing import NoReturn

import pytest

from commands.destroy import check_destruction
from commands.shared.console import CommandError
from modules.settings import Settings, load_settings

PROTECTED = [
    ("aws_rds_cluster.main", {"deletion_protection": True}),
    ("aws_s3_bucket.logs", {"force_destroy": False}),
    ("aws_rds_cluster_instance.one", {"force_destroy": False}),
]


@pytest.fixture
def prod() -> Settings:
    return load_settings(environment="prod", variables={}).settings


def test_protected_resources_stop_the_destruction_even_if_confirmed(
    monkeypatch: pytest.MonkeyPatch, prod: Settings
) -> None:
    monkeypatch.setenv("CONFIRM", "prod")
    with pytest.raises(CommandError) as caught:
        check_destruction(PROTECTED, settings=prod)
    assert "aws_rds_cluster.main: deletion_protection is true" in str(caught.value)
    assert "aws_s3_bucket.logs: force_destroy is false" in str(caught.value)
    # An instance holds no data of its own, so nothing protects it.
    assert "aws_rds_cluster_instance" not in str(caught.value)


@pytest.mark.parametrize("confirmation", ["", "yes", "dev"])
def test_only_the_environments_own_name_confirms(
    monkeypatch: pytest.MonkeyPatch, prod: Settings, confirmation: str
) -> None:
    monkeypatch.setenv("CONFIRM", confirmation)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{confirmation}\n"))
    with pytest.raises(CommandError, match="CONFIRM=prod"):
        check_destruction([], settings=prod)
    monkeypatch.setenv("CONFIRM", "prod")
    check_destruction([], settings=prod)


def test_the_end_of_input_does_not_confirm(monkeypatch: pytest.MonkeyPatch, prod: Settings) -> None:
    def end_input(_: str) -> NoReturn:
        raise EOFError

    monkeypatch.delenv("CONFIRM", raising=False)
    monkeypatch.setattr("builtins.input", end_input)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    with pytest.raises(CommandError, match="Not confirmed; nothing is destroyed"):
        check_destruction([], settings=prod)
