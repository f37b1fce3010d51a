"""What is deployed, read from Terraform's state without a synthesis and without Terraform."""

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from commands.shared.aws import state_client
from commands.shared.console import CommandError
from commands.shared.local_environment import describes_server, state_folder
from commands.shared.state import State
from commands.shared.terraform import GENERATED_OUTPUT
from modules.settings import PARTS, Part, Settings


@dataclass(frozen=True, kw_only=True)
class DeployedStack:
    """A stack that has resources."""

    outputs: dict[str, Any]
    """Values of the outputs, by name (docs/outputs.md)."""

    resources: list[dict[str, Any]]
    """The managed resources, as Terraform's state stores them."""

    changed: datetime
    """When Terraform last wrote the state."""

    version: str
    """The version of the state (`State.version`)."""

    @property
    def size(self) -> int:
        """How many resources it has."""
        return sum(len(resource["instances"]) for resource in self.resources)


def read_deployed(*, settings: Settings) -> dict[Part, DeployedStack]:
    """Return the deployed stacks; none if the embedded AWS that had them does not run.

    Raises:
        CommandError: The state is damaged, or the embedded AWS listens on another port.
        ClientError: The bucket of the state refuses access.
    """
    if settings.state is None and not describes_server(settings.local_aws):
        return {}
    deployed: dict[Part, DeployedStack] = {}
    for part in PARTS:
        stack = _read_stack(settings.stack_id(part), settings=settings)
        if stack and stack.resources:
            deployed[part] = stack
    return deployed


def require_deployed(*parts: Part, settings: Settings) -> dict[Part, DeployedStack]:
    """Return the deployed stacks, of which some must be deployed.

    Raises:
        CommandError: One of them is not deployed, or what `read_deployed` raises.
    """
    deployed = read_deployed(settings=settings)
    if missing := [part for part in parts if part not in deployed]:
        message = (
            f"{settings.prefix} is not deployed ({', '.join(missing)}): run "
            f"`make deploy ENV={settings.environment}` first."
        )
        raise CommandError(message)
    return deployed


def _read_stack(name: str, *, settings: Settings) -> DeployedStack | None:
    found = _read_file(name) if settings.state is None else _read_object(name, settings=settings)
    if found is None:
        return None
    text, changed = found
    if not text:  # Terraform is deploying the stack for the first time
        return None
    try:
        state: dict[str, Any] = json.loads(text)
        return DeployedStack(
            outputs={
                name: output["value"]
                for name, output in state["outputs"].items()
                if not name.startswith(GENERATED_OUTPUT)
            },
            resources=[entry for entry in state["resources"] if entry["mode"] == "managed"],
            changed=changed,
            version=State(document=state).version,
        )
    except (ValueError, KeyError, TypeError) as error:
        message = f"The state of {name} cannot be read ({error!r}): run `make plan` to check it."
        raise CommandError(message) from error


def _read_file(name: str) -> tuple[str, datetime] | None:
    file = state_folder() / f"{name}.tfstate"
    if not file.is_file():
        return None
    return file.read_text(), datetime.fromtimestamp(file.stat().st_mtime, tz=timezone.utc)


def _read_object(name: str, *, settings: Settings) -> tuple[str, datetime] | None:
    assert settings.state is not None  # noqa: S101  # only called with a bucket
    client = state_client(settings.state)
    try:
        answer = client.get_object(Bucket=settings.state.bucket, Key=f"{name}.tfstate")
    except client.exceptions.NoSuchKey:
        return None
    return answer["Body"].read().decode(), answer["LastModified"]
