"""What people and programs read from the commands."""

import json
import os
import subprocess
import sys

import pytest

from commands import outputs
from modules.settings import PARTS, load_settings
from modules.toolchain import ROOT

ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!cluster-b49e18b8"


def _print(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_outputs(part: str, **_: object) -> dict[str, object]:
        return {"secret": ARN, "zones": {"a": "[bold]x", "b": part}, "ids": ["i-1", "i-2"]}

    monkeypatch.setattr(outputs, "read_outputs", read_outputs)
    outputs.print_outputs(settings=load_settings(environment="local", variables={}).settings)


def test_the_table_shows_values_exactly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FORMAT", raising=False)
    _print(monkeypatch)
    printed = capsys.readouterr().out
    for text in (ARN, "a: [bold]x", "i-2", "ecommerce-local-data"):
        assert text in printed


def test_json_is_one_object_with_a_key_a_stack(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORMAT", "json")
    _print(monkeypatch)
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == sorted(PARTS)
    assert printed["data"]["zones"]["b"] == "data"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"FORMAT": "xml"}, "FORMAT: there is no format 'xml'; json or table.\n"),
        (
            {"ENVIRONMENT": "sol"},
            "ENVIRONMENT: no environment is named 'sol'; one of dev, local, prod, staging\n",
        ),
    ],
)
def test_bad_input_is_a_message_and_status_1(variables: dict[str, str], message: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "commands.settings"],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (1, "", message)


def test_every_setting_is_printed_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    from commands.settings import print_settings

    loaded = load_settings(environment="dev", variables={"PLATFORM__DATABASE__READERS": "3"})
    print_settings(loaded)
    lines = capsys.readouterr().out.splitlines()
    (readers,) = [line for line in lines if "database.readers" in line]
    assert "3" in readers
    assert "PLATFORM__DATABASE__READERS" in readers
    (paused,) = [line for line in lines if "serverless.min_capacity" in line]
    assert "environments/dev.yaml:" in paused
