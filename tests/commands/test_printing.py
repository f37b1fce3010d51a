"""Outputs and settings are printed as tables and as JSON."""

import json

import pytest

from commands import outputs
from commands.settings import print_settings
from modules.settings import PARTS, load_settings

ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!cluster-b49e18b8"


def _print(monkeypatch: pytest.MonkeyPatch, *, as_json: bool) -> None:
    def read_outputs(part: str, **_: object) -> dict[str, object]:
        return {"secret": ARN, "zones": {"a": "[bold]x", "b": part}, "ids": ["i-1", "i-2"]}

    monkeypatch.setattr(outputs, "read_outputs", read_outputs)
    settings = load_settings(environment="local", variables={}).settings
    outputs.print_outputs(settings=settings, as_json=as_json)


def test_the_table_shows_values_exactly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _print(monkeypatch, as_json=False)
    printed = capsys.readouterr().out
    for text in (ARN, "a: [bold]x", "i-2", "ecommerce-local-data"):
        assert text in printed


def test_json_is_one_object_with_one_key_per_stack(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _print(monkeypatch, as_json=True)
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == sorted(PARTS)
    assert printed["data"]["zones"]["b"] == "data"


def test_every_setting_is_printed_with_its_source(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FORMAT", raising=False)
    loaded = load_settings(environment="dev", variables={"PLATFORM__DATABASE__READERS": "3"})
    print_settings(loaded)
    lines = capsys.readouterr().out.splitlines()
    (readers,) = [line for line in lines if "database.readers" in line]
    assert "3" in readers
    assert "PLATFORM__DATABASE__READERS" in readers
    (paused,) = [line for line in lines if "serverless.min_capacity" in line]
    assert "environments/dev.yaml:" in paused
