"""The command `python -m review`: its reports, its exit status, and accepted findings."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from modules.toolchain import ROOT
from review.__main__ import FOUND, UNREADABLE, main
from review.guardrails.rules import RULES
from tests.review.fixtures import read_fixtures

RULE = "function-alias-latest"
ADDRESS = "aws_lambda_alias.live"
TODAY = date.today()  # noqa: DTZ011  # a day of the user's place

SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}}
                                },
                            }
                        },
                    },
                    "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
                },
            },
        },
    },
    "$defs": {
        "message": {
            "type": "object",
            "additionalProperties": False,
            "required": ["text"],
            "properties": {"text": {"type": "string", "minLength": 1}},
        },
        "level": {"enum": ["none", "note", "warning", "error"]},
        "rule": {
            "type": "object",
            "additionalProperties": False,
            "required": ["id"],
            "properties": {
                "id": {"type": "string"},
                "shortDescription": {"$ref": "#/$defs/message"},
                "fullDescription": {"$ref": "#/$defs/message"},
                "help": {"$ref": "#/$defs/message"},
                "helpUri": {"type": "string", "pattern": "^https://"},
                "defaultConfiguration": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"level": {"$ref": "#/$defs/level"}},
                },
            },
        },
        "result": {
            "type": "object",
            "additionalProperties": False,
            "required": ["message"],
            "properties": {
                "ruleId": {"type": "string"},
                "level": {"$ref": "#/$defs/level"},
                "message": {"$ref": "#/$defs/message"},
                "locations": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {
                            "physicalLocation": {
                                "type": "object",
                                "required": ["artifactLocation"],
                                "properties": {
                                    "artifactLocation": {
                                        "type": "object",
                                        "required": ["uri"],
                                        "properties": {"uri": {"type": "string", "minLength": 1}},
                                    }
                                },
                            },
                            "logicalLocations": {
                                "type": "array",
                                "items": {
                                    "type": "object",
                                    "required": ["fullyQualifiedName", "kind"],
                                },
                            },
                        },
                    },
                },
                "suppressions": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["kind"],
                        "properties": {
                            "kind": {"enum": ["inSource", "external"]},
                            "justification": {"type": "string"},
                        },
                    },
                },
            },
        },
    },
}
"""What SARIF 2.1.0 demands of the parts that a report has."""


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Return a file with one error."""
    file = tmp_path / "main.tf.json"
    file.write_text(json.dumps(read_fixtures()[RULE].bad))
    return file


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Return a folder with nothing wrong."""
    folder = tmp_path / "good"
    folder.mkdir()
    (folder / "main.tf.json").write_text(json.dumps(read_fixtures()[RULE].good))
    return folder


def waivers(folder: Path, *, text: str | None = None, **fields: object) -> list[str]:
    """Write a file of waivers with one entry, and return the option that names it."""
    entry = {"rule": RULE, "address": ADDRESS, "reason": "A trial.", "expires": TODAY, **fields}
    file = folder / "waivers.yaml"
    lines = [f"{name}: {value}" for name, value in entry.items() if value is not None]
    file.write_text(text if text is not None else "- " + "\n  ".join(lines) + "\n")
    return ["--waivers", str(file)]


def test_text_says_what_is_wrong_and_how_to_correct_it(
    bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["guard", str(bad)]) == FOUND
    printed = capsys.readouterr()
    (rule,) = (each for each in RULES if each.id == RULE)
    first, *_, last = printed.out.splitlines()
    assert first == f"error  {RULE}  {ADDRESS}"
    for told in (rule.title, rule.aws, rule.fix, rule.source, "It serves $LATEST."):
        assert told in printed.out
    assert last.startswith(f"{len(RULES)} rules on ")
    assert "1 errors" in last
    assert not printed.err


def test_nothing_wrong_ends_with_0(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guard", str(good)]) == 0
    assert "0 errors, 0 warnings" in capsys.readouterr().out


def test_a_warning_ends_with_0(tmp_path: Path) -> None:
    warning = next(rule.id for rule in RULES if rule.severity == "warning")
    file = tmp_path / "main.tf.json"
    file.write_text(json.dumps(read_fixtures()[warning].bad))
    assert main(["guard", str(file)]) == 0


def test_json_has_the_findings(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guard", str(bad), "--format", "json"]) == FOUND
    report = json.loads(capsys.readouterr().out)
    (finding,) = report["findings"]
    assert finding["rule"] == RULE
    assert finding["severity"] == "error"
    assert finding["address"] == ADDRESS
    assert finding["accepted"] is None
    assert report["rules"] == len(RULES)
    assert report["not_evaluated"] == []


def test_sarif_has_the_findings_and_every_rule(
    bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accepted = waivers(bad.parent)
    for options, suppressed in (([], False), (accepted, True)):
        assert main(["guard", str(bad), "--format", "sarif", *options]) == int(not suppressed)
        report = json.loads(capsys.readouterr().out)
        jsonschema.validate(report, SARIF)
        (run,) = report["runs"]
        assert [each["id"] for each in run["tool"]["driver"]["rules"]] == [
            each.id for each in RULES
        ]
        (result,) = run["results"]
        assert result["ruleId"] == RULE
        assert ("suppressions" in result) is suppressed


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("missing.json", None, "there is no such file or folder"),
        ("broken.json", b"{", "cannot be read as JSON"),
        ("binary.json", b"\xff\xfe", "cannot be read as JSON"),
        ("list.json", b"[]", "holds no JSON object"),
        ("other.json", b'{"a": 1}', "neither a plan"),
        ("newer.json", b'{"format_version": "2.0", "resource_changes": []}', "format 2.0"),
        ("deep.json", b"[" * 100_000, "cannot be read as JSON"),
        ("folder", None, "there is no such file or folder"),
    ],
)
def test_input_that_cannot_be_read_is_told_in_one_line(
    name: str,
    content: bytes | None,
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    assert main(["guard", str(file)]) == UNREADABLE
    printed = capsys.readouterr()
    assert not printed.out
    (line,) = printed.err.splitlines()
    assert told in line


def test_a_folder_without_configurations_says_how_to_review_hcl(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["guard", str(tmp_path)]) == UNREADABLE
    assert "terraform show -json" in capsys.readouterr().err


def test_a_waiver_accepts_a_finding_up_to_its_last_day(
    bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["guard", str(bad), *waivers(bad.parent)]) == 0
    printed = capsys.readouterr().out
    assert f"accepted  {RULE}  {ADDRESS}" in printed
    assert f"Accepted until {TODAY}: A trial." in printed
    assert "1 accepted" in printed


def test_an_expired_waiver_accepts_nothing(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expired = waivers(bad.parent, expires=TODAY - timedelta(days=1))
    assert main(["guard", str(bad), *expired]) == FOUND
    assert f"waiver without effect  {RULE}  {ADDRESS}" in capsys.readouterr().out


def test_a_star_stands_for_any_text(bad: Path) -> None:
    assert main(["guard", str(bad), *waivers(bad.parent, address="aws_lambda_alias.*")]) == 0
    assert main(["guard", str(bad), *waivers(bad.parent, address="aws_lambda.*")]) == FOUND


def test_a_waiver_that_accepts_nothing_is_told(
    good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["guard", str(good), *waivers(good)]) == 0
    assert "waiver without effect" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"rule": "no-such-rule"}, "waiver 1: there is no rule no-such-rule"),
        ({"reason": None}, "waiver 1: reason is missing"),
        ({"expires": None}, "waiver 1: expires is missing"),
        ({"expires": "soon"}, "waiver 1: expires is a day"),
        ({"expires": "2027-01-01 10:00:00"}, "waiver 1: expires is a day"),
        ({"address": "[a]"}, "waiver 1: address is a text"),
        ({"rule": "[a]"}, "waiver 1: there is no rule"),
        ({"until": "2027-01-01"}, "waiver 1: until is not known"),
        ({"text": "rule: x"}, "write a list of waivers"),
        ({"text": "- x"}, "waiver 1: write rule, address, reason, expires"),
        ({"text": "- [a"}, "cannot be read"),
        ({"text": "- a: 1\n  a: 2"}, "cannot be read"),
        ({"text": "\0"}, "cannot be read"),
    ],
)
def test_a_waiver_that_is_not_complete_is_refused(
    fields: dict[str, Any], told: str, bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["guard", str(bad), *waivers(bad.parent, **fields)]) == UNREADABLE
    printed = capsys.readouterr()
    assert not printed.out
    assert told in printed.err
    assert "Traceback" not in printed.err


def test_an_empty_file_of_waivers_accepts_nothing(bad: Path) -> None:
    assert main(["guard", str(bad), *waivers(bad.parent, text="")]) == FOUND


def test_the_list_of_rules_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", str(ROOT / "tests" / "review" / "accepted.json")]) == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "guardrails.md").read_text()


def test_the_command_prints_what_the_terminal_cannot_show(tmp_path: Path) -> None:
    bad = json.dumps(read_fixtures()[RULE].bad).replace('"live": {', '"li\\ud800\\u00e9": {')
    (tmp_path / "main.tf.json").write_text(bad)
    run = subprocess.run(
        [sys.executable, "-m", "review", "guard", str(tmp_path)],
        cwd=ROOT,
        env={"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == FOUND, run.stderr
    assert "aws_lambda_alias.li\\ud800\\xe9" in run.stdout


def test_the_command_loads_neither_yaml_nor_the_platform() -> None:
    code = "import sys, review.__main__; print(*sorted(sys.modules))"
    printed = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
    loaded = {each.partition(".")[0] for each in printed.split()}
    assert not loaded & {"ruamel", "modules", "local_aws", "commands", "cdktf", "jsii", "pydantic"}


def test_stacks_that_an_earlier_synthesis_left_behind_are_not_read(tmp_path: Path) -> None:
    for stack, kind in (("now", "good"), ("before", "bad")):
        folder = tmp_path / "stacks" / stack
        folder.mkdir(parents=True)
        (folder / "cdk.tf.json").write_text(json.dumps(getattr(read_fixtures()[RULE], kind)))
    assert main(["guard", str(tmp_path)]) == FOUND
    (tmp_path / "manifest.json").write_text(json.dumps({"version": "1", "stacks": {"now": {}}}))
    assert main(["guard", str(tmp_path)]) == 0
