"""A deployment plans what it can, asks once, and applies exactly what was planned."""

import os
import signal
import subprocess
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from commands.deployment.interrupts import InterruptedDeploymentError
from commands.deployment.planning import Plans, plan_folder
from commands.deployment.session import Session, open_session
from commands.shared import logs_folder, plan_records, terraform
from commands.shared.console import CommandError
from modules.settings import PARTS, load_settings
from tests.commands.small_stacks import Deployer, SmallStacks

pytestmark = pytest.mark.terraform


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallStacks:
    monkeypatch.setattr(terraform, "STACKS_FOLDER", tmp_path / "stacks")
    monkeypatch.setattr(logs_folder, "FOLDER", tmp_path / "logs")
    settings = load_settings(environment="local", variables={}).settings
    stacks = SmallStacks(folder=tmp_path, settings=settings)
    for part in PARTS:
        stacks.write(part, "first")
    return stacks


@pytest.fixture
def session(stacks: SmallStacks) -> Generator[Session]:
    with open_session("deploy", settings=stacks.settings) as session:
        yield session


@pytest.fixture
def deployer(session: Session) -> Generator[Deployer]:
    with plan_folder() as folder:
        yield Deployer(session=session, plans_in=folder)


def test_a_first_deployment_asks_as_soon_as_a_stack_can_be_planned(
    stacks: SmallStacks, deployer: Deployer
) -> None:
    deployer.deploy(*PARTS)
    assert deployer.asked == [["foundation"], ["data"], ["service", "edge", "observability"]]
    assert stacks.deployed("service", "data") == "first"


def test_a_new_stack_that_nobody_is_asked_about_is_deployed_without_a_saved_plan(
    stacks: SmallStacks, deployer: Deployer, session: Session
) -> None:
    deployer.unattended = True
    deployer.deploy("foundation", "data")
    assert deployer.asked == []
    assert "$ terraform plan" not in session.log.path.read_text()
    assert stacks.deployed("data", "foundation") == "first"
    stacks.write("foundation", "second")
    deployer.deploy("foundation", "data", "service")
    assert deployer.asked == [["foundation"], ["data", "service"]]
    assert stacks.deployed("service", "data") == "first"


def test_changes_that_no_later_stack_reads_are_asked_for_once(
    stacks: SmallStacks, deployer: Deployer
) -> None:
    for part in PARTS:
        stacks.write(part, "first", changing_output=False)
    deployer.deploy(*PARTS)
    deployer.asked.clear()
    for part in PARTS:
        stacks.write(part, "second", changing_output=False)
    deployer.deploy(*PARTS)
    assert deployer.asked == [list(PARTS)]
    deployer.deploy(*PARTS)
    assert deployer.asked[1:] == [[]]


def test_the_last_plan_is_recorded_with_the_state_that_it_was_made_on(
    stacks: SmallStacks, deployer: Deployer, session: Session
) -> None:
    deployer.deploy("foundation")
    foundation = session.stacks[0]

    def recorded() -> tuple[str, ...] | None:
        version = foundation.state.version
        record = plan_records.read_record(stack_id=foundation.stack_id, state_version=version)
        return None if record is None else record.changes

    assert recorded() == ()
    stacks.write("foundation", "second")
    foundation.plan(file=deployer.plans_in / "only planned", inputs={})
    assert recorded() == ("terraform_data.it",)
    deployer.deploy("foundation")
    assert recorded() == ()


def test_a_stack_that_reads_a_changing_output_is_planned_with_the_new_value(
    stacks: SmallStacks, deployer: Deployer
) -> None:
    deployer.deploy(*PARTS)
    deployer.asked.clear()
    stacks.write("foundation", "second")
    deployer.deploy(*PARTS)
    assert deployer.asked[0] == ["foundation"]
    assert stacks.deployed("data", "foundation") == "second"
    assert stacks.deployed("edge", "foundation") == "second"


def test_what_is_applied_is_what_was_planned(stacks: SmallStacks, deployer: Deployer) -> None:
    files: list[Path] = []

    def change_the_code(plans: Plans) -> None:
        files.extend(plan.file for plan in plans.values())
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
        assert deployer.plans_in.stat().st_mode & 0o777 == 0o700
        stacks.write("foundation", "changed after the approval")

    deployer.when_asked = change_the_code
    deployer.deploy("foundation")
    assert stacks.deployed("foundation") == "first"
    assert files


def test_a_stack_whose_inputs_changed_meanwhile_is_planned_and_asked_for_again(
    stacks: SmallStacks, deployer: Deployer, session: Session
) -> None:
    deployer.deploy(*PARTS)
    deployer.asked.clear()
    stacks.write("edge", "second")

    def deploy_from_elsewhere(_plans: Plans) -> None:
        deployer.when_asked = lambda _plans: None
        stacks.write("foundation", "second")
        foundation = session.stacks[0]
        plan = foundation.plan(file=deployer.plans_in / "elsewhere", inputs={})
        foundation.apply(plan)

    deployer.when_asked = deploy_from_elsewhere
    deployer.deploy("edge")
    assert deployer.asked == [["edge"], ["edge"]]
    assert stacks.deployed("edge", "foundation") == "second"


def test_a_stack_without_the_stacks_that_it_reads_is_refused(
    stacks: SmallStacks, deployer: Deployer
) -> None:
    with pytest.raises(CommandError, match=r"ecommerce-local-data, which is not deployed"):
        deployer.deploy("service", "edge")
    assert deployer.asked == []
    assert not stacks.state("service").exists()


def test_an_error_names_the_stack_the_resource_and_what_was_said(
    stacks: SmallStacks, deployer: Deployer
) -> None:
    check = {"condition": '${self.input == "open"}', "error_message": "The shop is closed."}
    stacks.write("foundation", "first", resource={"lifecycle": {"postcondition": [check]}})
    with pytest.raises(CommandError) as caught:
        deployer.deploy("foundation")
    assert "Error in ecommerce-local-foundation: Resource postcondition failed" in str(caught.value)
    assert "The shop is closed." in str(caught.value)
    assert "terraform_data.it" in str(caught.value)


def test_an_interrupted_apply_records_what_it_did(stacks: SmallStacks, deployer: Deployer) -> None:
    slow = {"provisioner": [{"local-exec": {"command": "sleep 3"}}]}
    stacks.write("foundation", "first", resource=slow)

    def interrupt(_plans: Plans) -> None:
        threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT)).start()

    deployer.when_asked = interrupt
    with pytest.raises(InterruptedDeploymentError, match="run the command again"):
        deployer.deploy("foundation")
    assert stacks.deployed("foundation") == "first"


def test_a_state_that_another_run_holds_is_named_with_the_way_to_free_it(
    stacks: SmallStacks, deployer: Deployer, session: Session
) -> None:
    deployer.deploy("foundation")
    slow = {"provisioner": [{"local-exec": {"command": "echo begun; sleep 5"}}]}
    stacks.write("foundation", "second", resource={"triggers_replace": "again", **slow})
    terraform = session.stacks[0].terraform
    with subprocess.Popen(
        [terraform.environment["TERRAFORM_BINARY_NAME"], "apply", "-auto-approve"],
        cwd=terraform.folder,
        env=terraform.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert any("begun" in line for line in other.stdout or ())
        with pytest.raises(CommandError) as caught:
            deployer.deploy("foundation")
        other.kill()
    assert "Another run holds the state of ecommerce-local-foundation" in str(caught.value)
    assert "force-unlock" in str(caught.value)


def test_everything_is_in_a_log_that_only_the_user_can_read(
    deployer: Deployer, session: Session
) -> None:
    deployer.deploy("foundation")
    text = session.log.path.read_text()
    assert "ecommerce-local-foundation: terraform_data.it: Creation complete" in text
    assert session.log.path.stat().st_mode & 0o777 == 0o600


def test_without_a_terminal_only_results_are_printed(
    deployer: Deployer, capsys: pytest.CaptureFixture[str]
) -> None:
    deployer.deploy("foundation", "observability")
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition("  ")[0] for line in lines] == [
        "ecommerce-local-foundation  1 added, 0 changed, 0 destroyed",
        "ecommerce-local-observability  1 added, 0 changed, 0 destroyed",
    ]
