"""Plans every stack of an environment for a review, as far as it can be planned."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from commands.deployment.planning import WORKERS, Plans
from commands.deployment.session import Session
from commands.deployment.stack_run import SavedPlan, StackRun
from commands.reviewing.assuming import assuming, planned_outputs
from commands.shared.console import CommandError
from commands.shared.terraform import read_plan, stack_folder
from commands.shared.terraform_errors import TerraformError
from modules.settings import Part
from review.changes.assembling import StackInput, review_stacks
from review.changes.model import Basis, Review
from review.changes.prices import Prices
from review.terraform import read_inputs
from review.terraform.configuration import Stack


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What planning one stack came to."""

    plan: SavedPlan | None
    """The saved plan; nothing if Terraform ended with an error."""

    document: Mapping[str, Any] | None
    """The plan as JSON, also one that Terraform did not finish."""

    error: TerraformError | None = None

    assumes: bool = False
    """Whether it was planned with outputs that the stacks before it only get later."""


@dataclass(frozen=True, kw_only=True)
class Collected:
    """The review of an environment, and the plans that can be applied as they were reviewed."""

    review: Review
    plans: Plans
    errors: Sequence[TerraformError]


@dataclass(frozen=True, kw_only=True)
class Collector:
    """Plans the stacks of a session for a review."""

    session: Session
    folder: Path
    """Where plans are saved."""

    synthesised: Path
    """The folder with the synthesised stacks."""

    prepare: Callable[[Part], None] = lambda _part: None
    """Called before a stack is planned; it may wait for what the stack needs."""

    missing: Mapping[Part, str] | None = None
    """The stacks that cannot be planned, and why."""

    prices: Prices | None = None

    def collect(self, parts: Sequence[Part]) -> Collected:
        """Plan stacks, and review them.

        A stack that reads an output which the same deployment changes is planned with the value
        that the output will have, or with its present one if that is not known. A new stack that
        reads one which is not deployed is reviewed from its configuration.

        Raises:
            CommandError: Only the operator may decide about what an interrupted deployment left.
        """
        stacks = [stack for stack in self.session.stacks if stack.part in parts]
        planned = self._plan_all(stacks)
        self._plan_with_planned_outputs(stacks, planned)
        changed = _changed(stacks, planned)
        configurations = self._configurations()
        inputs = [
            self._input(stack, planned.get(stack.part), changed, configurations) for stack in stacks
        ]
        review = review_stacks(inputs, title=self.session.settings.prefix, prices=self.prices)
        errors = [each.error for each in planned.values() if each.error]
        plans = dict(_plans_to_apply(stacks, planned, changed)) if not errors else {}
        return Collected(review=review, plans=plans, errors=errors)

    def _plan_all(self, stacks: Sequence[StackRun]) -> dict[Part, Planned]:
        outputs = {stack.stack_id: stack.outputs for stack in self.session.stacks}
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            futures: list[tuple[StackRun, Future[Planned]]] = []
            for stack in stacks:
                inputs = stack.references.read(outputs)
                if inputs is not None and stack.part not in (self.missing or {}):
                    futures.append((stack, pool.submit(self._plan, stack, inputs)))
            return {stack.part: future.result() for stack, future in futures}

    def _plan_with_planned_outputs(
        self, stacks: Sequence[StackRun], planned: dict[Part, Planned]
    ) -> None:
        """Plan the stacks again that read outputs whose new values are known already."""
        for stack in stacks:
            before = planned.get(stack.part)
            if (
                stack.is_new
                or stack.part in (self.missing or {})
                or (before and before.error)
                or not stack.references.touched_by(_changed(stacks, planned))
            ):
                continue
            outputs = {
                other.stack_id: planned_outputs(each.document)
                for other in stacks
                if other.stack_id in stack.references.names
                and (each := planned.get(other.part))
                and each.document
            }
            inputs = stack.references.read(
                {
                    name: {key: each["value"] for key, each in values.items()}
                    for name, values in outputs.items()
                }
            )
            if inputs is None:
                continue
            folder = stack_folder(stack.part, settings=stack.settings)
            with assuming(outputs, folder=folder, scratch=self.folder):
                planned[stack.part] = replace(self._plan(stack, inputs), assumes=True)

    def _plan(self, stack: StackRun, inputs: Mapping[str, Any]) -> Planned:
        self.prepare(stack.part)
        file = self.folder / f"{stack.stack_id}.tfplan"
        try:
            plan = stack.plan(file=file, inputs=inputs)
        except TerraformError as error:
            # Terraform saves what it could plan, which shows what is wrong.
            if not file.exists():
                raise
            document = read_plan(file, part=stack.part, settings=stack.settings)
            return Planned(plan=None, document=document, error=error)
        document = read_plan(file, part=stack.part, settings=stack.settings)
        return Planned(plan=plan, document=document)

    def _what_is_missing(self, stack: StackRun) -> str:
        """Return which stacks lack what a stack reads, in words."""
        outputs = {each.stack_id: each.outputs for each in self.session.stacks}
        missing = stack.references.missing(outputs)
        gone = [each for each in missing if not outputs.get(each)]
        if gone:
            return f"{', '.join(gone)} is not deployed"
        return (
            f"it reads an output of {', '.join(missing)} that is not known before that is "
            "deployed; deploy that first, and review again"
        )

    def _configurations(self) -> Mapping[str, Stack]:
        return {stack.name: stack for stack in read_inputs([self.synthesised]).stacks}

    def _input(
        self,
        stack: StackRun,
        planned: Planned | None,
        changed: Mapping[str, frozenset[str]],
        configurations: Mapping[str, Stack],
    ) -> StackInput:
        name, reads = stack.stack_id, tuple(stack.references.names)
        if planned:
            touched = stack.references.touched_by(changed)
            basis: Basis = "plan with present values" if touched else "plan"
            basis = "plan with planned values" if planned.assumes else basis
            trust: list[str] = list(planned.plan.warnings) if planned.plan else []
            if basis == "plan with present values":
                trust.append(
                    f"it reads {', '.join(_touched(stack, changed))}, which changes: the "
                    "deployment plans it again, and stops at what this review does not show"
                )
            blind = [str(planned.error).partition("\n\n")[0]] if planned.error else []
            return StackInput(
                name=name,
                basis=basis,
                document=planned.document,
                reads=reads,
                trust=tuple(trust),
                blind=tuple(blind),
            )
        if stack.is_new:
            return StackInput(
                name=name, basis="synthesis", synthesised=configurations.get(name), reads=reads
            )
        reason = (self.missing or {}).get(stack.part)
        reason = reason or self._what_is_missing(stack)
        return StackInput(
            name=name, basis="nothing", reads=reads, blind=(f"it is not planned: {reason}",)
        )


def _changed(
    stacks: Sequence[StackRun], planned: Mapping[Part, Planned]
) -> dict[str, frozenset[str]]:
    """Return the outputs that plans change, by the stack's id."""
    return {
        stack.stack_id: each.plan.changed_outputs
        for stack in stacks
        if (each := planned.get(stack.part)) and each.plan
    }


def _touched(stack: StackRun, changed: Mapping[str, frozenset[str]]) -> list[str]:
    return sorted(
        f"{each}.{name}"
        for each, names in stack.references.names.items()
        for name in names & changed.get(each, frozenset())
    )


def _plans_to_apply(
    stacks: Sequence[StackRun],
    planned: Mapping[Part, Planned],
    changed: Mapping[str, frozenset[str]],
) -> Iterator[tuple[Part, SavedPlan]]:
    """Yield the plans of the first stacks, up to one that has to be planned again."""
    for stack in stacks:
        each = planned.get(stack.part)
        if each is None or each.plan is None or stack.references.touched_by(changed):
            return
        yield stack.part, each.plan


def raise_errors(errors: Sequence[TerraformError]) -> None:
    """End with the errors of planning, if there are any.

    Raises:
        CommandError: There are.
    """
    if errors:
        raise CommandError("\n\n".join(map(str, errors)))
