"""Compares a stack with its state and with AWS, and imports what the state lacks."""

import json
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from commands.adoption.lookup import Client, Found, Search, error_code
from commands.adoption.stack import (
    Configuration,
    KnownValues,
    RemoteOutputs,
    Resource,
    UnknownValueError,
)
from commands.adoption.table import ADOPTED, REPEATED, TOLD
from commands.shared.aws import any_client
from commands.shared.console import CommandError
from commands.shared.state import Block, State
from commands.shared.terraform import pull_state, stack_folder
from modules.settings import PARTS, Part, Settings
from modules.toolchain import ROOT

ACCOUNT_TYPES = ("aws_caller_identity", "aws_partition")
"""Data sources whose values AWS tells, even if no state has them yet."""

IMPORTS = "adopted.tf.json"
"""The file with Terraform's import blocks, which is there while a plan or an apply runs."""


@contextmanager
def adopting(
    part: Part, *, settings: Settings, state: State, report: Callable[[str], None]
) -> Generator[None]:
    """Let the plans within import what exists, belongs to the stack and is not in its state.

    Args:
        part: The stack.
        settings: The environment.
        state: The stack's state.
        report: Called with a line about each resource that a plan will import.

    Raises:
        CommandError: Only the operator may decide about something that was left behind.
    """
    file = stack_folder(part, settings=settings) / IMPORTS
    file.unlink(missing_ok=True)
    imports = _Comparison.of(part, settings=settings, state=state, report=report).imports()
    if imports:
        for address, id_ in imports.items():
            report(f"Adopting what an interrupted deployment left behind: {address} ({id_})")
        blocks = [{"to": address, "id": id_} for address, id_ in imports.items()]
        file.write_text(json.dumps({"import": blocks}, indent=2))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


@dataclass(frozen=True, kw_only=True)
class _Comparison:
    """A stack's configuration beside its state."""

    settings: Settings
    folder: Path
    configuration: Configuration
    state: State
    report: Callable[[str], None]
    clients: dict[tuple[str, str], Client] = field(default_factory=dict[tuple[str, str], Client])
    """The clients made so far, by service and region."""

    @classmethod
    def of(
        cls, part: Part, *, settings: Settings, state: State, report: Callable[[str], None]
    ) -> "_Comparison":
        """Read the configuration."""
        folder = stack_folder(part, settings=settings)
        text = (folder / "cdk.tf.json").read_text()
        return cls(
            settings=settings,
            folder=folder,
            configuration=Configuration(document=json.loads(text)),
            state=state,
            report=report,
        )

    def imports(self) -> dict[str, str]:
        """Return the import id of each resource to adopt, by address.

        Raises:
            CommandError: Only the operator may decide about something that was left behind.
        """
        managed = self.state.attributes()
        moved = self.configuration.moved
        pending = [
            resource
            for resource in self.configuration.resources()
            if resource.type in ADOPTED | TOLD
            and managed.keys().isdisjoint({resource.address, moved.get(resource.address)})
        ]
        commands = [f"untaint '{address}'" for address in self._tainted()]
        imports: dict[str, str] = {}
        known = self._known(managed) if pending else None
        while known and (answered := list(self._answers(pending, known=known))):
            # Children become known with their parents, so they are looked for in the next round.
            for resource, found in answered:
                pending.remove(resource)
                told = resource.type in TOLD or len(found) > 1
                for each in found:
                    if told or each.holds_data:
                        commands.append(f"import '{resource.address}' '{each.id}'")
                    else:
                        imports[resource.address] = each.id
                        known.attributes[resource.address] = each.attributes
        if commands:
            raise CommandError(self._describe(commands))
        return imports

    def _tainted(self) -> list[str]:
        """Return the addresses of resources with data that Terraform would replace.

        An interruption during the creation marks a resource so, although AWS finishes it.
        """
        tainted = self.state.tainted()
        return [
            resource.address
            for resource in self.configuration.resources()
            if resource.type in TOLD and resource.address in tainted
        ]

    def _answers(
        self, pending: Iterable[Resource], *, known: KnownValues
    ) -> Generator[tuple[Resource, list[Found]]]:
        """Yield each resource whose parents exist, with what was found."""
        for resource in pending:
            try:
                found = self._search(resource, known=known).run()
            except UnknownValueError:
                continue
            except ClientError as error:
                if not _is_refusal(error):
                    raise
                self.report(f"{resource.address} was not looked for: {error}")
                found = []
            ids = self.state.ids(resource.type)
            yield resource, [each for each in found if each.id not in ids]

    def _search(self, resource: Resource, *, known: KnownValues) -> Search:
        return Search(
            lookup=ADOPTED.get(resource.type) or TOLD[resource.type],
            block=resource.block,
            known=known,
            client=partial(self._client, region=resource.region),
            required_tags=self.configuration.default_tags | known.resolve(resource.tags),
        )

    def _known(self, managed: Mapping[str, Block]) -> KnownValues:
        identity = self._client("sts").get_caller_identity()
        account = {"account_id": identity["Account"], "partition": identity["Arn"].split(":")[1]}
        accounts = dict.fromkeys(self.configuration.data_sources(*ACCOUNT_TYPES), account)
        # A repeated resource has the names of its configuration, also if it is to be made again.
        repeated = {
            resource.address: resource.block
            for resource in self.configuration.resources()
            if resource.type in REPEATED
        }
        return KnownValues(
            attributes=accounts | repeated | dict(managed),
            remote_outputs=RemoteOutputs(read=partial(_read_outputs, settings=self.settings)),
        )

    def _client(self, service: str, *, region: str | None = None) -> Client:
        key = service, region or self.settings.region
        if key not in self.clients:
            self.clients[key] = any_client(service, settings=self.settings, region=key[1])
        return self.clients[key]

    def _describe(self, commands: Iterable[str]) -> str:
        folder = self.folder.relative_to(ROOT)
        lines = [f"  terraform -chdir={folder} {command}" for command in commands]
        return "\n".join(
            [
                "An interrupted deployment left something behind. It may hold data, so decide",
                "before anything changes: delete it, or keep it with",
                *lines,
                "Then deploy again.",
            ]
        )


def _is_refusal(error: ClientError) -> bool:
    """Return whether the caller lacks the permission to look."""
    code = error_code(error)
    return code.startswith("AccessDenied") or code == "UnauthorizedOperation"


def _read_outputs(stack_id: str, *, settings: Settings) -> Mapping[str, Any]:
    parts: dict[str, Part] = {settings.stack_id(part): part for part in PARTS}
    return pull_state(parts[stack_id], settings=settings).outputs
