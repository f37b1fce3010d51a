"""What is deployed is read without Terraform, and without a traceback when nothing is."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from commands.shared import local_environment, logs_folder
from commands.shared.console import CommandError
from commands.shared.deployed_state import read_deployed, require_deployed
from commands.shared.plan_records import PlanRecord, write_record
from commands.shared.state import State
from commands.status.alarms import alarm_names, find_raised
from commands.status.drift import describe_drift
from commands.status.screen import print_status
from local_aws import control
from modules.settings import Part, Settings, load_settings
from modules.settings.environment import StateSettings
from modules.toolchain import ROOT

STATE: dict[str, Any] = {
    "lineage": "a-lineage",
    "serial": 7,
    "outputs": {"vpc_id": {"value": "vpc-1"}, "cross-stack-output-x": {"value": "internal"}},
    "resources": [
        {"mode": "data", "type": "aws_caller_identity", "instances": [{}]},
        {
            "mode": "managed",
            "type": "aws_cloudwatch_metric_alarm",
            "instances": [{"attributes": {"alarm_name": f"shop-{name}"}} for name in "ab"],
        },
    ],
}


@pytest.fixture
def settings() -> Settings:
    return load_settings(environment="local", variables={}).settings


@pytest.fixture
def state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Path:
    """Return the folder of the state of an embedded AWS that seems to run."""
    assert settings.local_aws
    server = control.Server(
        url=settings.local_aws.endpoint,
        pid=1,
        instance_id="this",
        workspace=tmp_path,
        credentials_file=tmp_path / "credentials",
        started=False,
    )
    monkeypatch.setattr(local_environment, "FOLDER", tmp_path)

    def find(*, folder: Path) -> control.Server:
        assert folder == tmp_path
        return server

    monkeypatch.setattr(control, "status", find)
    folder = local_environment.state_folder()
    folder.mkdir()
    (folder / "server").write_text("this\n")
    return folder


def test_a_deployed_stack_has_outputs_and_resources(state_folder: Path, settings: Settings) -> None:
    (state_folder / f"{settings.stack_id('foundation')}.tfstate").write_text(json.dumps(STATE))
    (state_folder / f"{settings.stack_id('data')}.tfstate").touch()  # being deployed
    destroyed = json.dumps({"outputs": {}, "resources": []})
    (state_folder / f"{settings.stack_id('edge')}.tfstate").write_text(destroyed)

    deployed = read_deployed(settings=settings)

    assert deployed.keys() == {"foundation"}
    assert deployed["foundation"].outputs == {"vpc_id": "vpc-1"}
    assert deployed["foundation"].size == 2
    with pytest.raises(CommandError, match=r"not deployed \(service\): run `make deploy"):
        require_deployed("foundation", "service", settings=settings)


def test_the_state_of_a_server_that_has_ended_describes_nothing(
    state_folder: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (state_folder / f"{settings.stack_id('foundation')}.tfstate").write_text(json.dumps(STATE))
    (state_folder / "server").write_text("an earlier one\n")

    print_status(settings=settings)

    assert capsys.readouterr().out == (
        "ecommerce-local is not deployed; `make deploy ENV=local` does.\n"
    )


def test_damaged_state_and_another_port_are_named(state_folder: Path, settings: Settings) -> None:
    (state_folder / f"{settings.stack_id('data')}.tfstate").write_text("{")
    with pytest.raises(CommandError, match="state of ecommerce-local-data cannot be read"):
        read_deployed(settings=settings)

    variables = {"LOCAL_AWS_PORT": "4999"}
    elsewhere = load_settings(environment="local", variables=variables).settings
    with pytest.raises(CommandError, match=r"runs at .*: set LOCAL_AWS_PORT="):
        read_deployed(settings=elsewhere)


def test_drift_is_what_the_last_plan_found_until_the_state_changes(
    state_folder: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs_folder, "FOLDER", tmp_path / "logs")
    for part in ("foundation", "data"):
        (state_folder / f"{settings.stack_id(part)}.tfstate").write_text(json.dumps(STATE))

    def drift() -> list[str]:
        deployed = read_deployed(settings=settings)
        return describe_drift(deployed, settings=settings)

    def record(part: Part, *, serial: int = 7, outside: tuple[str, ...] = ()) -> None:
        planned = PlanRecord(
            state_version=State(document=STATE | {"serial": serial}).version,
            planned=datetime(2026, 1, 2, 3, 4, tzinfo=timezone.utc),
            changes=("aws_vpc.new", *outside) if outside else (),
            outside=outside,
        )
        write_record(planned, stack_id=settings.stack_id(part))

    assert drift() == ["unknown; `make plan ENV=local` finds out"]
    record("foundation")
    assert drift()[0].startswith("none at 2026-01-02 03:04 UTC (")
    assert drift()[1:] == ["unknown for data; `make plan ENV=local` finds out"]
    record("data", outside=("aws_db.changed",))
    assert drift()[0].startswith("2 to change, planned 2026-01-02 03:04 UTC (")
    assert drift()[1:] == ["changed outside Terraform: aws_db.changed"]
    record("foundation", serial=6)
    record("data", serial=8)
    assert drift() == ["unknown; `make plan ENV=local` finds out"]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Replace AWS by moto."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield


@pytest.mark.usefixtures("aws")
def test_state_in_a_bucket_and_only_own_alarms_are_read(settings: Settings) -> None:
    state = StateSettings(bucket="states", region="eu-west-1")
    on_aws = settings.model_copy(update={"local_aws": None, "state": state})
    s3 = boto3.client("s3", region_name="eu-west-1")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    s3.create_bucket(  # pyright: ignore[reportUnknownMemberType]
        Bucket="states", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    s3.put_object(  # pyright: ignore[reportUnknownMemberType]
        Bucket="states", Key="ecommerce-local-service.tfstate", Body=json.dumps(STATE)
    )

    deployed = read_deployed(settings=on_aws)
    assert deployed.keys() == {"service"}
    assert alarm_names(deployed) == {"shop-a", "shop-b"}

    for region in ("eu-west-1", "us-east-1"):
        alarms = boto3.client("cloudwatch", region_name=region)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        for name in ("own", "quiet", "pr42-other"):
            alarm = f"ecommerce-local-{name}-{region}"
            alarms.put_metric_alarm(  # pyright: ignore[reportUnknownMemberType]
                AlarmName=alarm,
                MetricName="m",
                Namespace="n",
                Period=60,
                EvaluationPeriods=1,
                Threshold=1,
                Statistic="Sum",
                ComparisonOperator="GreaterThanThreshold",
            )
            if name != "quiet":
                alarms.set_alarm_state(  # pyright: ignore[reportUnknownMemberType]
                    AlarmName=alarm, StateValue="ALARM", StateReason="too many"
                )
    own = {
        f"ecommerce-local-{name}" for name in ("own-eu-west-1", "own-us-east-1", "quiet-eu-west-1")
    }
    raised = find_raised(own, settings=on_aws)
    assert [alarm.name for alarm in raised] == sorted(own - {"ecommerce-local-quiet-eu-west-1"})
    assert raised[0].reason == "too many"


@pytest.mark.parametrize("command", ["status", "logs"])
def test_without_credentials_the_error_is_one_line(command: str, tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "ENVIRONMENT": "prod",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    result = subprocess.run(
        [sys.executable, "-m", f"commands.{command}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "AWS refused a request, or did not answer: Unable to locate credentials\n"
    )
