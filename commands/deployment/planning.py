"""Plans stacks side by side, as far as their inputs are known."""

import os
import tempfile
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from commands.deployment.stack_run import SavedPlan, StackRun
from commands.shared.references import Outputs
from modules.settings import Part

WORKERS = min(os.cpu_count() or 1, 4)
"""How many stacks Terraform works on at once. Each takes about a core and 1.5 GiB."""

Plans = dict[Part, SavedPlan]


@contextmanager
def plan_folder() -> Generator[Path]:
    """Yield a folder that only the user can read, and delete it: plans hold secrets."""
    with tempfile.TemporaryDirectory(prefix="plans-") as name:
        yield Path(name)


@dataclass(frozen=True, kw_only=True)
class Planner:
    """Plans stacks that read outputs of each other."""

    stacks: Sequence[StackRun]
    """Every stack of the environment, in order."""

    folder: Path
    """Where plans are saved."""

    prepare: Callable[[Part], None] = lambda _part: None
    """Called before a stack is planned; it may wait for what the stack needs."""

    def plan(self, stacks: Sequence[StackRun]) -> Plans:
        """Plan side by side the first stacks whose inputs are deployed and do not change.

        Raises:
            CommandError: A plan failed.
        """
        outputs = self.outputs()
        changed: dict[str, frozenset[str]] = {}
        plans: Plans = {}
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            futures: list[tuple[StackRun, Future[SavedPlan | None]]] = []
            for stack in stacks:
                inputs = stack.references.read(outputs)
                if inputs is None:
                    break
                futures.append((stack, pool.submit(self._plan_one, stack, inputs, changed)))
            for stack, future in futures:
                plan = None if stack.references.touched_by(changed) else future.result()
                if plan is None:
                    break
                plans[stack.part] = plan
        return plans

    def can_plan(self, stack: StackRun) -> bool:
        """Return whether the stacks that a stack reads are deployed."""
        return stack.references.read(self.outputs()) is not None

    def _plan_one(
        self, stack: StackRun, inputs: Outputs, changed: dict[str, frozenset[str]]
    ) -> SavedPlan | None:
        """Plan a stack, unless it reads an output that changes as far as is known by now."""
        if stack.references.touched_by(changed):
            return None
        self.prepare(stack.part)
        plan = stack.plan(file=self.folder / f"{stack.stack_id}.tfplan", inputs=inputs)
        changed[stack.stack_id] = plan.changed_outputs
        return plan

    def outputs(self) -> dict[str, Outputs]:
        """Return the deployed outputs of every stack, as last read."""
        return {stack.stack_id: stack.outputs for stack in self.stacks}
