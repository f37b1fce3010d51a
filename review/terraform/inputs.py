"""Finds the documents that a path holds, and reads them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from review.errors import ReviewError
from review.terraform.configuration import Configuration, Stack
from review.terraform.plan import is_plan, read_plan
from review.terraform.shapes import as_mapping, bodies, is_mapping
from review.terraform.synthesised import Scope, read_configuration, state_key

SYNTHESISED = "cdk.tf.json"
BLOCKS = ("data", "locals", "module", "output", "provider", "resource", "terraform", "variable")
"""What a document in Terraform's JSON syntax can have at its top."""


def read_inputs(paths: Iterable[Path]) -> Configuration:
    """Read folders that CDKTF wrote, folders and files in Terraform's JSON syntax, and plans.

    Raises:
        ReviewError: A path holds nothing that can be read.
    """
    documents = [each for path in paths for each in _documents(path)]
    return read_documents(documents)


def read_documents(documents: Iterable[tuple[str, Mapping[str, Any]]]) -> Configuration:
    """Read documents, each with the name of its stack.

    Raises:
        ReviewError: A document is not what it should be.
    """
    try:
        return _read(documents)
    except RecursionError as error:
        message = "The input is nested too deep to be read."
        raise ReviewError(message) from error


def _read(documents: Iterable[tuple[str, Mapping[str, Any]]]) -> Configuration:
    scopes: dict[str, Scope] = {}
    stacks: list[Stack] = []
    for name, document in documents:
        if is_plan(document):
            stacks.append(read_plan(document, name=name))
        elif any(block in document for block in BLOCKS):
            stacks.append(read_configuration(document, name=name, scopes=scopes))
        else:
            message = (
                f"{name or 'The document'} is neither a plan (`terraform show -json`) nor a "
                "configuration in Terraform's JSON syntax."
            )
            raise ReviewError(message)
    for scope in scopes.values():
        for resource in scope.stack.resources:
            if resource.type == "terraform_remote_state":
                producer = scopes.get(state_key(resource.raw))
                if producer and producer is not scope:
                    scope.stack.reads.add(producer.stack.name)
    return Configuration(stacks=stacks)


def _documents(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not path.exists():
        message = f"{path}: there is no such file or folder."
        raise ReviewError(message)
    if path.is_file():
        yield (
            ("", load_document(path))
            if path.name != SYNTHESISED
            else (path.parent.name, load_document(path))
        )
        return
    stacks = _synthesised(path)
    for file in stacks:
        yield file.parent.name, load_document(file)
    if stacks:
        return
    files = sorted(path.glob("*.tf.json"))
    if not files:
        message = (
            f"{path}: there is no stacks/*/{SYNTHESISED} and no *.tf.json. Configurations in HCL "
            "are reviewed by their plan: `terraform plan -out=plan && terraform show -json plan`."
        )
        raise ReviewError(message)
    yield (
        path.name if files[0].name == SYNTHESISED else "",
        _merge(load_document(file) for file in files),
    )


def _synthesised(folder: Path) -> list[Path]:
    """Return the stacks that CDKTF wrote last; it leaves those of earlier syntheses there."""
    manifest = folder / "manifest.json"
    content: Mapping[str, Any] = load_document(manifest) if manifest.is_file() else {}
    names = list(as_mapping(content.get("stacks"))) or ["*"]
    return sorted(file for name in names for file in folder.glob(f"stacks/{name}/{SYNTHESISED}"))


def _merge(documents: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return one document with the blocks of all of them."""
    merged: dict[str, Any] = {}
    for document in documents:
        for block, body in document.items():
            merged[block] = [*merged.get(block, []), *bodies(body)]
    return merged


def load_document(path: Path) -> Mapping[str, Any]:
    """Return the JSON object in a file.

    Raises:
        ReviewError: There is none.
    """
    try:
        document = json.loads(path.read_text())
    except (OSError, ValueError, RecursionError) as error:
        message = f"{path} cannot be read as JSON: {error}"
        raise ReviewError(message) from error
    if not is_mapping(document):
        message = f"{path} holds no JSON object."
        raise ReviewError(message)
    return document
