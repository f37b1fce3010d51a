"""Shows what is being deployed: one line a stack while it runs, then one line with its result."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column

from commands.deployment.durations import in_words
from commands.deployment.events import Event

HEARTBEAT_MINUTES = (1, 2, 5)
"""After how many minutes a step tells that it still runs where there is no terminal; then every
five minutes."""

VERBS = {"create": "creating", "update": "changing", "delete": "destroying", "read": "reading"}


@dataclass(kw_only=True)
class Activity:
    """What Terraform does in one stack at the moment."""

    stack_id: str
    step: str
    """Such as `planning`."""

    total: int
    done: int = 0
    started: float = field(default_factory=time.monotonic)
    running: dict[str, str] = field(default_factory=dict[str, str])
    """The verb for each resource that is being worked on, the longest one first."""

    told_minutes: int = 0

    def take(self, event: Event) -> None:
        """Count an event; a plan's summary says how many there will be."""
        if event.counts is not None and event.operation == "plan" and not self.total:
            counted = ("add", "change", "remove")
            self.total = sum(event.counts.get(each, 0) for each in counted)
        if event.type in {"apply_start", "refresh_start"}:
            self.running[event.address] = VERBS.get(event.action, "reading")
        if event.type in {"apply_complete", "apply_errored", "refresh_complete"}:
            self.running.pop(event.address, None)
            self.done = min(self.done + 1, self.total)

    @property
    def doing(self) -> str:
        """What it works on, such as `creating aws_rds_cluster database_cluster`."""
        for address, verb in self.running.items():
            return f"{verb} {short_address(address)}"
        return ""

    @property
    def minutes(self) -> float:
        """How long it has run, in minutes."""
        return (time.monotonic() - self.started) / 60


def short_address(address: str) -> str:
    """Return a resource's address without the hash that CDKTF appends."""
    type_, _, name = address.partition(".")
    words, _, digest = name.rpartition("_")
    is_hash = len(digest) == 8 and all(each in "0123456789ABCDEF" for each in digest)  # noqa: PLR2004  # CDKTF's length
    return f"{type_} {words if is_hash else name}"


class ProgressDisplay:
    """Lines that live while stacks are worked on; plain lines where there is no terminal."""

    def __init__(self, *, console: Console) -> None:
        self.console = console
        self._lock = Lock()
        self._activities: dict[str, Activity] = {}
        self._tasks: dict[str, TaskID] = {}
        self._bars = Progress(
            TextColumn("{task.description}", table_column=Column(no_wrap=True)),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn(
                "{task.fields[doing]}",
                style="dim",
                table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1),
            ),
            expand=True,
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    @contextmanager
    def step(self, stack_id: str, step: str, *, total: int) -> Generator[Activity]:
        """Show a step of a stack while the block runs."""
        activity = Activity(stack_id=stack_id, step=step, total=total)
        with self._lock:
            if not self._activities:
                self._bars.start()
            self._activities[stack_id] = activity
            self._tasks[stack_id] = self._bars.add_task(
                f"{stack_id}  {step}", total=total or None, doing=""
            )
        try:
            yield activity
        finally:
            with self._lock:
                self._bars.remove_task(self._tasks.pop(stack_id))
                del self._activities[stack_id]
                if not self._activities:
                    self._bars.stop()

    def watch(self, stack_id: str, event: Event) -> None:
        """Count an event of a stack, and show it."""
        with self._lock:
            activity = self._activities.get(stack_id)
            if activity is None:
                return
            activity.take(event)
            self._bars.update(
                self._tasks[stack_id],
                completed=activity.done,
                total=activity.total or None,
                doing=activity.doing,
            )
            if not self.console.is_terminal:
                self._beat(activity)

    def _beat(self, activity: Activity) -> None:
        """Tell now and then that a long step still runs."""
        minutes = int(activity.minutes)
        due = max((each for each in HEARTBEAT_MINUTES if each <= minutes), default=0)
        due = max(due, minutes - minutes % HEARTBEAT_MINUTES[-1])
        if due > activity.told_minutes:
            activity.told_minutes = due
            what = f": {activity.doing}" if activity.doing else ""
            self.say(
                f"{activity.stack_id}  {activity.step}, {activity.done} of {activity.total}, "
                f"{in_words(activity.minutes * 60)}{what}"
            )

    def say(self, text: str) -> None:
        """Print a line that stays."""
        self.console.print(text, soft_wrap=True)
