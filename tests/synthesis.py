"""Synthesises an environment for tests, and finds resources in the result."""

import atexit
import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, cast

import main
from modules.release import Release, prepare_release
from modules.settings import PARTS, Part, Settings, load_settings
from modules.stacks import App, Foundation

API_FUNCTION = "api-function"
"""The construct of the function that serves the API."""

Block = dict[str, Any]
"""A block of Terraform's JSON. Tests read exactly what Terraform reads."""


@dataclass(frozen=True)
class Stack:
    """The Terraform JSON of one stack."""

    document: Block

    def resources(self, type_: str) -> dict[str, Block]:
        """Return all resources of a type, by name."""
        return cast("dict[str, Block]", self.document.get("resource", {}).get(type_, {}))

    def only(self, type_: str, *, within: str = "") -> Block:
        """Return the one resource of a type, in the whole stack or within a construct of it."""
        return self.resources(type_)[self._only_name(type_, within)]

    def reference(self, type_: str, attribute: str, *, within: str = "") -> str:
        """Return Terraform's expression for an attribute of a type's one resource."""
        return f"${{{type_}.{self._only_name(type_, within)}.{attribute}}}"

    def _only_name(self, type_: str, within: str) -> str:
        names = [name for name in self.resources(type_) if name.startswith(within)]
        assert len(names) == 1, f"expected one {type_} within '{within}', found {names}"
        return names[0]

    def all_resources(self) -> Iterator[tuple[str, str, Block]]:
        """Yield type, name and block of every resource."""
        for type_, named in self.document.get("resource", {}).items():
            for name, block in named.items():
                yield type_, name, block


@dataclass(frozen=True)
class Synthesis:
    """All stacks of one environment, with the settings they were made from."""

    settings: Settings
    folder: Path
    stacks: Mapping[Part, Stack]

    def documents(self) -> dict[str, Block]:
        """Return the Terraform JSON of every stack, by stack id."""
        return {self.settings.stack_id(part): stack.document for part, stack in self.stacks.items()}

    def copy(self, part: Part) -> "Synthesis":
        """Return a copy in which a test may change the document of one stack."""
        return replace(
            self, stacks={**self.stacks, part: Stack(deepcopy(self.stacks[part].document))}
        )

    def text(self) -> str:
        """Return all stacks' Terraform JSON as one text."""
        return json.dumps([stack.document for stack in self.stacks.values()])


def synthesise(
    environment: str, *, folder: Path, variables: Mapping[str, str] | None = None
) -> Synthesis:
    """Synthesise an environment into a folder, in this process."""
    settings = load_settings(environment=environment, variables=variables or {}).settings
    folder.mkdir(parents=True, exist_ok=True)
    app = App(outdir=str(folder))
    main.build(app, settings=settings, release=_release())
    app.synth()
    return Synthesis(
        settings=settings,
        folder=folder,
        stacks={
            part: Stack(json.loads(_stack_file(folder, settings.stack_id(part)).read_text()))
            for part in PARTS
        },
    )


@cache
def _release() -> Release:
    """Prepare the release once: the code does not change while the tests run."""
    folder = Path(mkdtemp())
    atexit.register(rmtree, folder)
    return prepare_release(folder=folder)


def synthesise_foundation(*, folder: Path, variables: Mapping[str, str]) -> Stack:
    """Synthesise the foundation of `local` alone, which is quicker."""
    settings = load_settings(environment="local", variables=variables).settings
    folder.mkdir(parents=True, exist_ok=True)
    app = App(outdir=str(folder))
    Foundation(app, settings=settings)
    app.synth()
    return Stack(json.loads(_stack_file(folder, settings.stack_id("foundation")).read_text()))


def _stack_file(folder: Path, stack_id: str) -> Path:
    return folder / "stacks" / stack_id / "cdk.tf.json"


def statements(policy: str) -> list[Block]:
    """Return the statements of a policy document."""
    return cast("list[Block]", json.loads(policy)["Statement"])


def statement(policy: str, sid: str) -> Block:
    """Return the statement of a policy document with this id."""
    found = [entry for entry in statements(policy) if entry["Sid"] == sid]
    assert len(found) == 1, f"expected one statement {sid}, found {found}"
    return found[0]
