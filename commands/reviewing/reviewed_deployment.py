"""Applies what was reviewed, and stops where a later plan differs from its review."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from commands.deployment.approval import approve
from commands.deployment.stack_run import SavedPlan
from commands.shared.console import CommandError
from commands.shared.terraform import read_plan
from modules.settings import Part, Settings
from review.changes.agreement import find_disagreements
from review.changes.assembling import StackInput, review_stacks
from review.changes.model import Review, StackReview

FEW = 8
"""How many differences are named."""


@dataclass(kw_only=True)
class ReviewedApproval:
    """Asks once, before the plans that were reviewed; later plans have to agree with the review."""

    review: Review
    settings: Settings
    say: Callable[[str], None]
    _asked: bool = field(default=False, init=False)

    def __call__(self, plans: Mapping[Part, SavedPlan]) -> None:
        """Approve plans.

        Raises:
            CommandError: Nobody approved, or a plan does something that the review did not show.
        """
        if not self._asked:
            self._asked = True
            approve(plans, settings=self.settings, say=self.say)
            # These are the plans that were reviewed, unless the first stacks had none.
            if all(self._is_reviewed(part) for part in plans):
                return
        for part, plan in plans.items():
            self._compare(part, plan)

    def _reviewed(self, part: Part) -> StackReview:
        stack_id = self.settings.stack_id(part)
        return next(each for each in self.review.stacks if each.name == stack_id)

    def _is_reviewed(self, part: Part) -> bool:
        return self._reviewed(part).basis == "plan"

    def _compare(self, part: Part, plan: SavedPlan) -> None:
        stack_id = self.settings.stack_id(part)
        document = read_plan(plan.file, part=part, settings=self.settings)
        given = StackInput(name=stack_id, document=document)
        (planned,) = review_stacks([given], title=stack_id).stacks
        found = list(find_disagreements(reviewed=self._reviewed(part), planned=planned))
        if found:
            listed = "\n".join(f"  {each}" for each in found[:FEW])
            more = f"\n  and {len(found) - FEW} more" if len(found) > FEW else ""
            message = (
                f"{stack_id} would do what the review did not show, because outputs that it reads "
                f"changed:\n{listed}{more}\n"
                "The stacks before it are deployed. Review the rest, and deploy again: "
                f"make review ENV={self.settings.environment}"
            )
            raise CommandError(message)
