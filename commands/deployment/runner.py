"""Runs Terraform in the folder of one stack."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from commands.deployment.events import Event, parse_event
from commands.deployment.interrupts import InterruptedDeploymentError, Interrupts
from commands.deployment.log import Log
from commands.shared.terraform_errors import Diagnostic, TerraformError

CHANGES = 2
"""Terraform's exit status of a plan with changes (Terraform CLI, Command: plan,
-detailed-exitcode)."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many resources a plan or an apply adds, changes, destroys and imports."""

    add: int = 0
    change: int = 0
    remove: int = 0
    imported: int = 0

    @property
    def steps(self) -> int:
        """How many resources Terraform works on."""
        return self.add + self.change + self.remove

    @property
    def past(self) -> str:
        """What happened, in Terraform's words."""
        text = f"{self.add} added, {self.change} changed, {self.remove} destroyed"
        return text + (f", {self.imported} imported" if self.imported else "")

    @property
    def future(self) -> str:
        """What would happen, in Terraform's words."""
        text = f"{self.add} to add, {self.change} to change, {self.remove} to destroy"
        return text + (f", {self.imported} to import" if self.imported else "")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one run of Terraform reported."""

    status: int
    counts: Counts
    changes: tuple[Event, ...]
    """The planned changes."""

    drift: frozenset[str]
    """The addresses of resources that differ from the state, for whatever reason."""

    changed_outputs: frozenset[str]
    """The outputs that a plan creates, changes or deletes."""

    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Terraform:
    """Terraform for one stack."""

    stack_id: str
    folder: Path
    environment: Mapping[str, str]
    log: Log
    interrupts: Interrupts
    watch: Callable[[Event], None]
    """Called with everything that Terraform reports."""

    def plan(self, *, file: Path) -> Outcome:
        """Save a plan.

        Raises:
            TerraformError: Terraform failed.
        """
        arguments = [f"-out={file}", "-detailed-exitcode", "-input=false"]
        return self._run(["plan", "-json", *arguments], expected=(0, CHANGES))

    def apply(self, *, file: Path) -> Outcome:
        """Apply a saved plan.

        Raises:
            TerraformError: Terraform failed.
        """
        return self._run(["apply", "-json", "-input=false", str(file)])

    def create(self) -> Outcome:
        """Plan and apply in one run, without asking.

        Raises:
            TerraformError: Terraform failed.
        """
        return self._run(["apply", "-json", "-auto-approve", "-input=false"])

    def destroy(self) -> Outcome:
        """Destroy everything in the state.

        Raises:
            TerraformError: Terraform failed.
        """
        return self._run(["destroy", "-json", "-auto-approve", "-input=false"])

    def write_plan(self, *, file: Path) -> None:
        """Write a saved plan in words to the log."""
        self._run(["show", "-no-color", str(file)])

    def _run(self, arguments: Sequence[str], *, expected: Sequence[int] = (0,)) -> Outcome:
        self.log.write(f"$ terraform {' '.join(arguments)}", source=self.stack_id)
        report = _Report()
        process = subprocess.Popen(
            [self.environment["TERRAFORM_BINARY_NAME"], *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # Only this process gets the terminal's Ctrl-C, and passes it on.
            start_new_session=True,
            # A saved plan holds secrets.
            umask=0o077,
        )
        with self.interrupts.tracking(process), process:
            for line in process.stdout or ():
                event = parse_event(line)
                self.log.write(event.message, source=self.stack_id)
                if event.diagnostic:
                    self.log.write(event.diagnostic.detail, source=self.stack_id)
                report.add(event)
                self.watch(event)
        if process.returncode in expected:
            return report.outcome(status=process.returncode)
        if self.interrupts.requested:
            raise InterruptedDeploymentError(self.stack_id)
        raise TerraformError(
            stack_id=self.stack_id, folder=self.folder, diagnostics=report.errors()
        )


@dataclass(kw_only=True)
class _Report:
    """What a run has reported so far."""

    counts: Counts = field(default_factory=Counts)
    changes: list[Event] = field(default_factory=list[Event])
    drift: set[str] = field(default_factory=set[str])
    outputs: frozenset[str] = frozenset()
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    warnings: list[Diagnostic] = field(default_factory=list[Diagnostic])
    words: list[str] = field(default_factory=list[str])
    """The lines that are not machine-readable, such as those of a crash."""

    def add(self, event: Event) -> None:
        if event.counts is not None:
            numbers = dict(event.counts)
            imported = numbers.pop("import", 0)
            known = {name: numbers.get(name, 0) for name in ("add", "change", "remove")}
            self.counts = Counts(**known, imported=imported)
        if event.type == "planned_change":
            self.changes.append(event)
        if event.type == "resource_drift":
            self.drift.add(event.address)
        if event.outputs is not None:
            self.outputs = frozenset(
                name for name, action in event.outputs.items() if action != "noop"
            )
        if event.diagnostic:
            is_error = event.diagnostic.severity == "error"
            (self.diagnostics if is_error else self.warnings).append(event.diagnostic)
        if not event.type:
            self.words.append(event.message)

    def outcome(self, *, status: int) -> Outcome:
        return Outcome(
            status=status,
            counts=self.counts,
            changes=tuple(self.changes),
            drift=frozenset(self.drift),
            changed_outputs=self.outputs,
            warnings=tuple(f"Warning: {each.summary}" for each in self.warnings),
        )

    def errors(self) -> tuple[Diagnostic, ...]:
        if self.diagnostics:
            return tuple(self.diagnostics)
        words = "\n".join(line for line in self.words if line.strip())
        return (Diagnostic(severity="error", summary=words or "Terraform ended without a word."),)
