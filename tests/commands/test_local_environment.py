"""Terraform's state stays in step with the embedded AWS that it describes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.shared import local_environment
from commands.shared.console import CommandError
from local_aws import control
from modules.settings import LocalAwsSettings
from tests.ports import free_port

pytestmark = pytest.mark.local_aws


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a state file beside a server of the test's own, which is stopped at the end."""
    folder = tmp_path / "local"
    monkeypatch.setattr(local_environment, "FOLDER", folder)
    yield local_environment.state_folder() / "ecommerce-local-data.tfstate"
    control.stop(folder=folder)


def test_state_is_kept_while_the_server_runs_and_dropped_after_it_stopped(
    state: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = LocalAwsSettings(port=port)
    local_environment.ensure_local_aws(settings)
    state.write_text("deployed")
    local_environment.ensure_local_aws(settings)
    assert state.read_text() == "deployed"
    assert "starting over" not in capsys.readouterr().out
    control.stop(folder=local_environment.FOLDER)
    local_environment.ensure_local_aws(settings)
    assert not state.exists()
    assert "starting over" in capsys.readouterr().out


def test_state_of_another_server_is_never_dropped(state: Path, port: int) -> None:
    elsewhere = LocalAwsSettings(url="http://127.0.0.1:4566")
    local_environment.ensure_local_aws(elsewhere)
    state.write_text("deployed elsewhere")
    with pytest.raises(CommandError, match=r"belongs to http://127\.0\.0\.1:4566"):
        local_environment.ensure_local_aws(LocalAwsSettings(port=port))
    assert state.read_text() == "deployed elsewhere"
    shutil.rmtree(state.parent)
    local_environment.ensure_local_aws(LocalAwsSettings(port=port))
