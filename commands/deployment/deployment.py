"""The order of a deployment: what is planned together, what is asked, and what is applied."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from commands.deployment.durations import in_words
from commands.deployment.planning import Planner, Plans
from commands.deployment.runner import Counts
from commands.deployment.stack_run import StackRun
from commands.shared.console import CommandError
from modules.settings import Part


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """Stacks that are planned, approved and applied in the order of their references."""

    stacks: Sequence[StackRun]
    """The stacks to deploy, in order."""

    planner: Planner
    approve: Callable[[Plans], None]
    """Asks before anything is applied; raises if nobody approves."""

    unattended: bool
    """Whether nobody is asked. Then a new stack needs no saved plan."""

    after_apply: Callable[[Part], None]
    """Called when a stack is up to date."""

    say: Callable[[str], None]

    first: Plans = field(default_factory=Plans)
    """Plans of the first stacks that exist already, such as those that were reviewed."""

    def run(self) -> None:
        """Deploy all stacks.

        A round plans every stack that can be planned, asks once, and applies. A stack that reads an
        output which changes is planned again in the next round, with the new value. A new stack
        that nobody is asked about is planned and applied in one run of Terraform, which is faster.

        Raises:
            CommandError: A plan or an apply failed, or nobody approved.
        """
        remaining = list(self.stacks)
        first = self.first
        while remaining:
            if self.unattended and self.planner.can_plan(remaining[0]) and remaining[0].is_new:
                stack = remaining.pop(0)
                self.planner.prepare(stack.part)
                self._finish(stack, stack.create())
                continue
            plans = first or self.planner.plan(remaining)
            first = {}
            if not plans:
                raise CommandError(self._describe_missing(remaining[0]))
            self.approve(plans)
            while remaining and (plan := plans.get(remaining[0].part)):
                stack = remaining[0]
                # Terraform would apply a plan made with older outputs without a word.
                if stack.references.read(self.planner.outputs()) != plan.inputs:
                    break
                self._finish(stack, stack.apply(plan))
                remaining.pop(0)

    def _finish(self, stack: StackRun, counts: Counts) -> None:
        self.say(f"{stack.stack_id}  {counts.past}  {in_words(stack.seconds)}")
        self.after_apply(stack.part)

    def _describe_missing(self, stack: StackRun) -> str:
        needed = ", ".join(stack.references.missing(self.planner.outputs()))
        return (
            f"{stack.stack_id} reads outputs of {needed}, which is not deployed, or is deployed "
            "from an older version. Deploy it first, or add it to STACKS."
        )
