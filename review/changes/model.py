"""What a review of plans says: stacks, changes, findings, and a verdict."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Action = Literal[
    "create",
    "update",
    "replace",
    "delete",
    "forget",
    "import",
    "move",
    "unknown",
]
"""What Terraform does with an object. A replacement may create the new object first."""

Risk = Literal["data loss", "outage", "exposure", "cost", "forgotten", "routine"]
RISKS: tuple[Risk, ...] = ("data loss", "outage", "exposure", "cost", "forgotten", "routine")
"""The risks, the worst first."""

Level = Literal["danger", "care", "note"]
"""How much a finding asks of the reader: to stop, to look closely, or to know."""

LEVELS: tuple[Level, ...] = ("danger", "care", "note")

Verdict = Literal["safe", "needs care", "dangerous", "cannot judge"]

Basis = Literal[
    "plan", "plan with planned values", "plan with present values", "synthesis", "nothing"
]  # fmt: skip
"""What a stack's review is made from. An output that the stack reads may change in the same
deployment, so that the stack is planned again then: `plan with planned values` has the output's new
value; `plan with present values` has the old one, because the new one is not known. `synthesis`:
the stacks before it are not deployed, so everything in it is new. `nothing`: it could not be
planned."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """An attribute, or a part of a document within it, before and after."""

    path: str
    """Such as `engine_version`, `ingress[from_port=22]` or `policy: statement ReadOrders`."""

    before: str | None
    """What it is, in words or JSON; nothing if it is added."""

    after: str | None
    """What it becomes; nothing if it is removed."""

    forces_replacement: bool = False

    note: str = ""
    """What else is to say, such as `not known until the deployment`."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A risk of a change."""

    risk: Risk
    level: Level
    stack: str
    address: str
    sentence: str
    """What is at risk, why, and what remains, for a person."""

    unit: str = ""
    """Of a cost: what is billed, such as `per hour and GB`."""

    monthly: float | None = None
    """Of a cost: the amount a month, if a price is given."""

    @property
    def id(self) -> str:
        """Its name in ACCEPT: the risk, and where it is."""
        return f"{self.risk.replace(' ', '-')}:{self.stack}/{self.address}"


@dataclass(frozen=True, kw_only=True)
class ReviewedChange:
    """A change of one object, or the same change of several."""

    stack: str
    addresses: tuple[str, ...]
    """The objects. More than one have the same change, perhaps in several stacks."""

    type: str
    action: Action
    risk: Risk
    """The worst risk of its findings."""

    level: Level
    differences: tuple[Difference, ...]
    why: tuple[str, ...]
    """Why Terraform wants it, such as `engine_version forces replacement`."""

    findings: tuple[Finding, ...] = ()
    creates_first: bool = False
    """Whether a replacement makes the new object before the old one goes."""

    deposed: bool = False
    """Whether it is an old object that an earlier replacement left behind."""

    folded: int = 0
    """How many attributes are left out: computed ones, hashes, timestamps."""

    name: str = ""
    """What AWS calls the object, if that is known."""


@dataclass(frozen=True, kw_only=True)
class OutputChange:
    """A change of an output of a stack."""

    name: str
    action: Action
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class Drift:
    """What was changed outside Terraform."""

    stack: str
    address: str
    differences: tuple[Difference, ...]
    """From what Terraform made, to what is there."""

    gone: bool
    """Whether the object is not there any more."""

    outcome: str
    """What the next deployment does with it: reverts it, makes it again, or accepts it."""

    reverted: bool


@dataclass(frozen=True, kw_only=True)
class StackReview:
    """The review of one stack, folder or plan."""

    name: str
    basis: Basis
    terraform: str
    """The version of Terraform that planned it; empty without a plan."""

    reads: tuple[str, ...]
    """The stacks whose outputs it reads."""

    changes: tuple[ReviewedChange, ...]
    outputs: tuple[OutputChange, ...]
    drift: tuple[Drift, ...]
    tags_only: tuple[str, ...]
    """The addresses of which only tags change."""

    unchanged: int
    trust: tuple[str, ...]
    """Why it deserves less trust."""

    blind: tuple[str, ...]
    """What cannot be judged."""

    digest: str
    """What is changed, as a short text to compare."""


@dataclass(frozen=True, kw_only=True)
class Review:
    """The review of all stacks of a deployment."""

    title: str
    verdict: Verdict
    sentence: str
    """The verdict in one line."""

    stacks: tuple[StackReview, ...]
    digest: str
    currency: str = ""

    @property
    def findings(self) -> Iterator[Finding]:
        """Yield every finding."""
        for stack in self.stacks:
            for change in stack.changes:
                yield from change.findings
