"""A review plans every stack, and a deployment does what was reviewed or stops."""

import json
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from commands.deployment.deployment import Deployment
from commands.deployment.planning import Planner, plan_folder
from commands.deployment.session import Session, open_session
from commands.reviewing.acceptance import ids_of, require_acceptance
from commands.reviewing.collecting import Collected, Collector, raise_errors
from commands.reviewing.reviewed_deployment import ReviewedApproval
from commands.shared import logs_folder, terraform
from commands.shared.console import CommandError
from modules.settings import PARTS, Part, load_settings
from review.changes.model import Finding, Review, ReviewedChange, StackReview
from tests.commands.small_stacks import SmallStacks

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
    with open_session("review", settings=stacks.settings) as session:
        yield session


@pytest.fixture
def collector(session: Session, tmp_path: Path) -> Generator[Collector]:
    with plan_folder() as folder:
        yield Collector(session=session, folder=folder, synthesised=tmp_path)


def _collect(collector: Collector) -> Collected:
    collector.session.read_states()
    return collector.collect(PARTS)


def _deploy(collector: Collector, collected: Collected) -> None:
    """Deploy what was reviewed; the embedded AWS's environment asks nobody."""
    session = collector.session
    Deployment(
        stacks=session.stacks,
        planner=Planner(stacks=session.stacks, folder=collector.folder),
        unattended=False,
        approve=ReviewedApproval(
            review=collected.review, settings=session.settings, say=session.display.say
        ),
        after_apply=lambda _part: None,
        say=session.display.say,
        first=collected.plans,
    ).run()


def _stack(review: Review, part: Part, settings_stack: SmallStacks) -> StackReview:
    name = settings_stack.settings.stack_id(part)
    return next(each for each in review.stacks if each.name == name)


def test_a_first_deployment_is_reviewed_as_a_whole_and_deployed_as_reviewed(
    stacks: SmallStacks, collector: Collector
) -> None:
    collected = _collect(collector)
    bases = {part: _stack(collected.review, part, stacks).basis for part in PARTS}
    assert bases == {
        "foundation": "plan",
        "data": "synthesis",
        "service": "synthesis",
        "edge": "synthesis",
        "observability": "plan",
    }
    assert collected.review.verdict == "safe"
    assert all(stack.changes for stack in collected.review.stacks)
    assert list(collected.plans) == ["foundation"]
    _deploy(collector, collected)
    assert stacks.deployed("service", "data") == "first"
    again = _collect(collector)
    assert again.review.sentence == "nothing changes"
    assert list(again.plans) == list(PARTS)


def test_the_same_changes_have_the_same_digest(stacks: SmallStacks, collector: Collector) -> None:
    first = _collect(collector).review.digest
    assert _collect(collector).review.digest == first
    stacks.write("observability", "second")
    assert _collect(collector).review.digest != first


def test_a_deployment_stops_at_what_its_review_could_not_show(
    stacks: SmallStacks, collector: Collector
) -> None:
    _deploy(collector, _collect(collector))
    stacks.write("foundation", "second")
    collected = _collect(collector)
    data = _stack(collected.review, "data", stacks)
    assert data.basis == "plan with present values"
    assert any("foundation.value" in line for line in data.trust)
    with pytest.raises(CommandError, match=r"update terraform_data\.foundation"):
        _deploy(collector, collected)
    assert stacks.deployed("foundation") == "second"
    assert stacks.deployed("data", "foundation") == "first"
    # The next review shows it, because the stack before it is deployed.
    _deploy(collector, _collect(collector))
    assert stacks.deployed("data", "foundation") == "second"


def test_a_plan_that_a_protection_refuses_is_reviewed_too(
    stacks: SmallStacks, collector: Collector
) -> None:
    _deploy(collector, _collect(collector))
    protected = {"triggers_replace": "new", "lifecycle": {"prevent_destroy": True}}
    stacks.write("observability", "first", resource=protected)
    collected = _collect(collector)
    stack = _stack(collected.review, "observability", stacks)
    assert [change.action for change in stack.changes] == ["replace"]
    assert any("prevent_destroy" in line for line in stack.blind)
    assert collected.review.verdict == "cannot judge"
    assert collected.plans == {}
    with pytest.raises(CommandError, match="prevent_destroy"):
        raise_errors(collected.errors)


def _review(level: str) -> Review:
    finding = Finding(
        risk="data loss",
        level="danger" if level == "danger" else "care",
        stack="shop-data",
        address='aws_s3_bucket.files["a,b"]',
        sentence="What it holds goes with it: its objects. Nothing remains.",
    )
    change = ReviewedChange(
        stack="shop-data",
        addresses=(finding.address,),
        type="aws_s3_bucket",
        action="delete",
        risk="data loss",
        level=finding.level,
        differences=(),
        why=(),
        findings=(finding,),
    )
    stack = StackReview(
        name="shop-data",
        basis="plan",
        terraform="1.11.4",
        reads=(),
        changes=(change,),
        outputs=(),
        drift=(),
        tags_only=(),
        unchanged=0,
        trust=(),
        blind=("Terraform ended with an error.",),
        digest="d",
    )
    return Review(
        title="shop", verdict="dangerous", sentence="", stacks=(stack,), digest="0123456789abcdef"
    )


def test_every_finding_has_to_be_accepted_by_its_name(
    stacks: SmallStacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = _review("danger")
    bucket, blind = ids_of(review)
    with pytest.raises(CommandError, match="The verdict is dangerous") as refused:
        require_acceptance(review, settings=stacks.settings)
    assert f"ACCEPT='{bucket},{blind}'" in str(refused.value)
    monkeypatch.setenv("ACCEPT", bucket)
    with pytest.raises(CommandError, match="nothing is deployed"):
        require_acceptance(review, settings=stacks.settings)
    monkeypatch.setenv("ACCEPT", f"{bucket}, {blind}")
    require_acceptance(review, settings=stacks.settings)
    monkeypatch.setenv("ACCEPT", f"{bucket},{blind},outage:shop-data/aws_lb.main")
    with pytest.raises(CommandError, match=r"outage:shop-data/aws_lb\.main"):
        require_acceptance(review, settings=stacks.settings)


def test_only_the_reviewed_digest_is_deployed(
    stacks: SmallStacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = _review("care")
    monkeypatch.setenv("ACCEPT", ",".join(ids_of(review)))
    monkeypatch.setenv("REVIEWED", review.digest)
    require_acceptance(review, settings=stacks.settings)
    monkeypatch.setenv("REVIEWED", "fedcba9876543210")
    with pytest.raises(CommandError, match="something changed since"):
        require_acceptance(review, settings=stacks.settings)


def _read_a_new_output(stacks: SmallStacks, value: str) -> None:
    """Let the edge stack read an output that the foundation did not have."""
    for part in ("foundation", "edge"):
        file = stacks.folder / "stacks" / stacks.settings.stack_id(part) / "cdk.tf.json"
        document = json.loads(file.read_text())
        if part == "foundation":
            document["resource"]["terraform_data"]["new"] = {"input": "new"}
            document["output"]["more"] = {"value": value}
            text = json.dumps(document)
        else:
            text = json.dumps(document).replace(".outputs.value", ".outputs.more")
        file.write_text(text)


def test_a_stack_that_reads_a_new_output_is_planned_with_the_value_it_will_have(
    stacks: SmallStacks, collector: Collector
) -> None:
    _deploy(collector, _collect(collector))
    _read_a_new_output(stacks, "known")
    collected = _collect(collector)
    edge = _stack(collected.review, "edge", stacks)
    assert edge.basis == "plan with planned values"
    (change,) = edge.changes
    assert "known" in {each.after for each in change.differences}
    assert "edge" not in collected.plans
    _deploy(collector, collected)
    assert stacks.deployed("edge", "foundation") == "known"
    assert _collect(collector).review.sentence == "nothing changes"


def test_a_stack_that_reads_what_only_the_deployment_makes_cannot_be_judged(
    stacks: SmallStacks, collector: Collector
) -> None:
    _deploy(collector, _collect(collector))
    _read_a_new_output(stacks, "${terraform_data.new.id}")
    collected = _collect(collector)
    assert collected.review.verdict == "cannot judge"
    (said,) = _stack(collected.review, "edge", stacks).blind
    assert f"an output of {stacks.settings.stack_id('foundation')} that is not known" in said


def test_what_a_killed_review_assumed_is_gone_before_the_next_plan(
    stacks: SmallStacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = terraform.stack_folder("edge", settings=stacks.settings) / terraform.ASSUMED
    left.write_text("{}")

    def synthesise(*_arguments: object, **_options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(args=[], returncode=0)

    monkeypatch.setattr(subprocess, "run", synthesise)
    terraform.synthesise(settings=stacks.settings)
    assert not left.exists()
