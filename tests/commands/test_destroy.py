"""Nothing protected is ever destroyed, and nothing without confirmation."""

import io
import json
from pathlib import Path

import pytest

from commands import destroy
from commands.shared.console import CommandError
from modules.settings import Part, Settings, load_settings

PROTECTED = {
    "values": {
        "root_module": {
            "resources": [
                {
                    "type": "aws_rds_cluster",
                    "address": "aws_rds_cluster.main",
                    "values": {"deletion_protection": True},
                },
                {
                    "type": "aws_s3_bucket",
                    "address": "aws_s3_bucket.logs",
                    "values": {"force_destroy": False},
                },
                {
                    "type": "aws_rds_cluster_instance",
                    "address": "aws_rds_cluster_instance.one",
                    "values": {"force_destroy": False},
                },
            ]
        }
    }
}


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Return the verbs of the cdktf commands that ran."""
    verbs: list[str] = []

    def run_cdktf(verb: str, *_: object, **__: object) -> None:
        verbs.append(verb)

    def synthesise(**_: object) -> None:
        pass

    monkeypatch.setattr(destroy, "run_cdktf", run_cdktf)

    def stack_folder(part: Part, **_: object) -> Path:
        folder = tmp_path / part
        folder.mkdir(exist_ok=True)
        (folder / destroy.STACK_FILE).write_text(
            json.dumps({"//": {}, "terraform": {}, "provider": {"aws": [{"region": "eu-west-1"}]}})
        )
        return folder

    def read_state(*_: object, **__: object) -> str:
        return ""

    monkeypatch.setattr(destroy, "synthesise", synthesise)
    monkeypatch.setattr(destroy, "stack_folder", stack_folder)
    monkeypatch.setattr(destroy, "read_state", read_state)
    monkeypatch.delenv("CONFIRM", raising=False)
    return verbs


def _deployed(monkeypatch: pytest.MonkeyPatch, state: dict[str, object]) -> Settings:
    def read(*_: object, **__: object) -> dict[str, object]:
        return state

    monkeypatch.setattr(destroy, "read_terraform_json", read)
    return load_settings(environment="prod", variables={}).settings


def test_protected_resources_stop_the_destruction_even_if_confirmed(
    monkeypatch: pytest.MonkeyPatch, ran: list[str]
) -> None:
    settings = _deployed(monkeypatch, json.loads(json.dumps(PROTECTED)))
    monkeypatch.setenv("CONFIRM", "prod")
    with pytest.raises(CommandError) as caught:
        destroy.destroy(settings=settings)
    assert ran == []
    assert "aws_rds_cluster.main: deletion_protection is true" in str(caught.value)
    assert "aws_s3_bucket.logs: force_destroy is false" in str(caught.value)
    # An instance holds no data of its own, so nothing protects it.
    assert "aws_rds_cluster_instance" not in str(caught.value)


@pytest.mark.parametrize("confirmation", ["", "yes", "dev"])
def test_only_the_environments_own_name_confirms(
    monkeypatch: pytest.MonkeyPatch, ran: list[str], confirmation: str
) -> None:
    settings = _deployed(monkeypatch, {})
    monkeypatch.setenv("CONFIRM", confirmation)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{confirmation}\n"))
    with pytest.raises(CommandError, match="CONFIRM=prod"):
        destroy.destroy(settings=settings)
    assert ran == []
    monkeypatch.setenv("CONFIRM", "prod")
    destroy.destroy(settings=settings)
    assert ran == ["destroy"]
