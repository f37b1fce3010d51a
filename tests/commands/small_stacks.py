"""Small stacks without a provider, which the real Terraform plans and applies within a second."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commands.deployment.deployment import Deployment
from commands.deployment.planning import Planner, Plans
from commands.deployment.session import Session
from commands.shared.terraform import stack_folder
from modules.settings import Part, Settings


@dataclass(frozen=True, kw_only=True)
class SmallStacks:
    """Synthesised stacks of an environment; each has one resource with a value."""

    folder: Path
    settings: Settings

    def write(
        self,
        part: Part,
        value: str,
        *,
        resource: Mapping[str, Any] | None = None,
        changing_output: bool = True,
    ) -> None:
        """Write a stack, whose output is its value or does not change."""
        document: dict[str, Any] = {
            "terraform": {"backend": {"local": {"path": str(self.state(part))}}},
            "resource": {
                "terraform_data": {"it": {"input": value, **(resource or {})}},
            },
            "output": {
                "value": {"value": "${terraform_data.it.output}" if changing_output else "same"}
            },
        }
        for other in _PRECEDING[part]:
            name = f"cross-stack-reference-input-{self.settings.stack_id(other)}"
            document.setdefault("data", {}).setdefault("terraform_remote_state", {})[name] = {
                "backend": "local",
                "config": {"path": str(self.state(other))},
            }
            document["resource"]["terraform_data"][other] = {
                "input": f"${{data.terraform_remote_state.{name}.outputs.value}}"
            }
        folder = stack_folder(part, settings=self.settings)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cdk.tf.json").write_text(json.dumps(document))
        (folder / ".terraform.lock.hcl").touch()

    def state(self, part: Part) -> Path:
        """Return the file with a stack's state."""
        return self.folder / f"{part}.tfstate"

    def deployed(self, part: Part, name: str = "it") -> str:
        """Return the deployed value of a stack, or the one that it read from another stack."""
        state = json.loads(self.state(part).read_text())
        (value,) = (
            instance["attributes"]["output"]["value"]
            for resource in state["resources"]
            if resource["type"] == "terraform_data" and resource["name"] == name
            for instance in resource["instances"]
        )
        return value


_PRECEDING: Mapping[Part, Sequence[Part]] = {
    "foundation": (),
    "data": ("foundation",),
    "service": ("data",),
    "edge": ("foundation",),
    "observability": (),
}
"""What each small stack reads from."""


@dataclass(kw_only=True)
class Deployer:
    """Deploys small stacks, and remembers what was asked."""

    session: Session
    plans_in: Path
    unattended: bool = False
    asked: list[list[Part]] = field(default_factory=list[list[Part]])
    when_asked: Callable[[Plans], None] = lambda _plans: None

    def deploy(self, *parts: Part) -> None:
        """Deploy some stacks."""
        self.session.read_states()
        Deployment(
            stacks=[stack for stack in self.session.stacks if stack.part in parts],
            planner=Planner(stacks=self.session.stacks, folder=self.plans_in),
            unattended=self.unattended,
            approve=self._approve,
            after_apply=lambda _part: None,
            say=self.session.display.say,
        ).run()

    def _approve(self, plans: Plans) -> None:
        self.asked.append([part for part, plan in plans.items() if plan.has_changes])
        self.when_asked(plans)
