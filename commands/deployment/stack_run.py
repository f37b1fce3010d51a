"""Plans and applies one stack."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from commands.adoption import adopting
from commands.deployment.durations import in_words
from commands.deployment.events import Event
from commands.deployment.outside_changes import find_outside_changes
from commands.deployment.progress import ProgressDisplay
from commands.deployment.runner import CHANGES, Counts, Outcome, Terraform
from commands.shared.console import CommandError
from commands.shared.plan_records import PlanRecord, write_record
from commands.shared.references import Outputs, References
from commands.shared.state import State
from commands.shared.terraform import initialise, pull_state, read_plan, stack_folder
from modules.settings import Part, Settings


@dataclass(frozen=True, kw_only=True)
class SavedPlan:
    """A plan of a stack, in a file that is applied as it is."""

    file: Path
    counts: Counts
    changes: tuple[Event, ...]
    changed_outputs: frozenset[str]
    """The stack's outputs that it creates, changes or deletes."""

    has_changes: bool
    warnings: tuple[str, ...]
    """What Terraform warns of."""

    inputs: Outputs
    """The outputs of other stacks that it was planned with."""


@dataclass(kw_only=True)
class StackRun:
    """One stack during a command."""

    part: Part
    settings: Settings
    terraform: Terraform
    display: ProgressDisplay
    shows_plans: bool
    """Whether a person reads the plans.

    Then the log gets them in full, and changes outside Terraform are looked for.
    """

    seconds: float = 0
    """How long it was worked on."""

    state: State = field(default_factory=lambda: State(document={}))
    """Its state, as last read."""

    @property
    def outputs(self) -> Outputs:
        """Its deployed outputs."""
        return self.state.outputs

    @property
    def stack_id(self) -> str:
        """The stack's id."""
        return self.settings.stack_id(self.part)

    @property
    def is_new(self) -> bool:
        """Whether Terraform has deployed nothing of it."""
        return not self.state.document.get("resources") and not self.outputs

    @property
    def references(self) -> References:
        """What it reads from the stacks before it."""
        folder = stack_folder(self.part, settings=self.settings)
        return References.of((folder / "cdk.tf.json").read_text())

    def read(self) -> None:
        """Read its state.

        Raises:
            CommandError: Terraform failed.
        """
        self.state = pull_state(self.part, settings=self.settings)

    def plan(self, *, file: Path, inputs: Outputs) -> SavedPlan:
        """Plan it, and save the plan.

        Raises:
            CommandError: The plan failed, or only the operator may decide about something that an
                interrupted deployment left behind.
        """
        started = time.monotonic()
        initialise(self.part, settings=self.settings)
        with (
            self.display.step(self.stack_id, "planning", total=self.state.resource_count),
            adopting(self.part, settings=self.settings, state=self.state, report=self.display.say),
        ):
            outcome = self.terraform.plan(file=file)
            changing = [each.address for each in outcome.changes if each.action != "read"]
            outside: list[str] = []
            if outcome.status == CHANGES and self.shows_plans:
                self.terraform.write_plan(file=file)
                if not outcome.drift.isdisjoint(changing):
                    outside = find_outside_changes(
                        read_plan(file, part=self.part, settings=self.settings)
                    )
        self.seconds += time.monotonic() - started
        self._record(changes=changing, outside=outside)
        return SavedPlan(
            file=file,
            counts=outcome.counts,
            changes=outcome.changes,
            changed_outputs=outcome.changed_outputs,
            has_changes=outcome.status == CHANGES,
            warnings=outcome.warnings,
            inputs=inputs,
        )

    def destroy(self) -> Counts:
        """Destroy everything in its state.

        Raises:
            TerraformError: Terraform failed.
        """
        started = time.monotonic()
        initialise(self.part, settings=self.settings)
        with self.display.step(self.stack_id, "destroying", total=self.state.resource_count):
            outcome = self.terraform.destroy()
        self.seconds += time.monotonic() - started
        return outcome.counts

    def apply(self, plan: SavedPlan) -> Counts:
        """Apply its plan; a plan without changes needs nothing.

        Raises:
            TerraformError: Terraform failed.
        """
        if not plan.has_changes:
            return Counts()
        return self._deploy(partial(self.terraform.apply, file=plan.file), total=plan.counts.steps)

    def create(self) -> Counts:
        """Deploy it for the first time, without a saved plan.

        Raises:
            CommandError: It failed, or only the operator may decide about something that an
                interrupted deployment left behind.
        """
        initialise(self.part, settings=self.settings)
        with adopting(self.part, settings=self.settings, state=self.state, report=self.display.say):
            return self._deploy(self.terraform.create, total=0)

    def _deploy(self, run: Callable[[], Outcome], *, total: int) -> Counts:
        started = time.monotonic()
        with self.display.step(self.stack_id, "deploying", total=total) as activity:
            try:
                outcome = run()
            except CommandError:
                self.display.say(
                    f"{self.stack_id}  failed after {in_words(time.monotonic() - started)}, "
                    f"{activity.done} of {activity.total} done"
                )
                raise
        self.read()
        self._record()
        self.seconds += time.monotonic() - started
        return outcome.counts

    def _record(self, *, changes: Sequence[str] = (), outside: Sequence[str] = ()) -> None:
        """Keep for `make status` how the stack differs from the code in this folder."""
        record = PlanRecord(
            state_version=self.state.version,
            changes=tuple(changes),
            outside=tuple(outside),
        )
        write_record(record, stack_id=self.stack_id)
