"""Tells which changes of the working copy need a deployment: they are not the API's code."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from commands.shared.served_routes import Routes, find_differences
from modules.release.api_document import ApiDocument, ApiDocumentError, load_api_document

_SHOWN = 3


class DeploymentNeeds:
    """Compares saved files with those before.

    Args:
        root: The project's folder.
        environment: The environment's name.
        read_routes: Returns the routes that the deployed API serves.
    """

    def __init__(self, *, root: Path, environment: str, read_routes: Callable[[], Routes]) -> None:
        self._container = root / "container"
        self._settings_file = root / "environments" / f"{environment}.yaml"
        self._modules = root / "modules"
        self._root = root
        self._read_routes = read_routes
        self._api = self._container / "openapi.json"
        self._document = self._load_document()
        files = (
            self._settings_file,
            *self._modules.rglob("*.*"),
            *(self._container / "src").rglob("*.ts"),
            *self._container.glob("*.json"),
        )
        self._digests = {file: _digest(file) for file in files}

    def describe_deployed(self) -> list[str]:
        """Return how the deployed API differs from the document now."""
        return [] if self._document is None else [*self._differing_routes(self._document)]

    def describe(self, saved: set[Path]) -> list[str]:
        """Return what in saved files needs a deployment; nothing if only the API's code changed."""
        changed = {file for file in saved if _digest(file) != self._digests.get(file)}
        self._digests |= {file: _digest(file) for file in changed}
        return [
            *(self._describe_api() if self._api in changed else ()),
            *self._describe_files("the migrations changed", changed, self._is_migration),
            *self._describe_files(
                "database administration changed", changed, self._is_administration
            ),
            *self._describe_files("what is deployed changed", changed, self._is_deployed),
        ]

    def _describe_api(self) -> Iterator[str]:
        try:
            document = load_api_document(self._api)
        except ApiDocumentError as error:
            yield str(error)
            return
        before, self._document = self._document, document
        routes = [*self._differing_routes(document)]
        yield from routes
        if not routes and document != before:
            yield f"{self._name(self._api)}: parameters, bodies or scopes changed"

    def _differing_routes(self, document: ApiDocument) -> Iterator[str]:
        differences = find_differences(self._read_routes(), document=document)
        if differences:
            shown = ", ".join(differences[:_SHOWN])
            more = len(differences) - _SHOWN
            yield f"{self._name(self._api)}: {shown}" + (f" and {more} more" if more > 0 else "")

    def _load_document(self) -> ApiDocument | None:
        try:
            return load_api_document(self._api)
        except ApiDocumentError:
            return None  # the build reports it, and a later save may correct it

    def _describe_files(
        self, what: str, changed: set[Path], concerned: Callable[[Path], bool]
    ) -> Iterator[str]:
        names = sorted(self._name(file) for file in changed if concerned(file))
        if names:
            yield f"{what}: {', '.join(names)}"

    def _is_migration(self, file: Path) -> bool:
        return file.is_relative_to(self._container / "src" / "migrations")

    def _is_administration(self, file: Path) -> bool:
        source = self._container / "src"
        return (
            file.is_relative_to(source / "administration") or file == source / "administration.ts"
        )

    def _is_deployed(self, file: Path) -> bool:
        return file == self._settings_file or file.is_relative_to(self._modules)

    def _name(self, file: Path) -> str:
        return file.relative_to(self._root).as_posix()


def _digest(file: Path) -> bytes | None:
    try:
        return hashlib.sha256(file.read_bytes()).digest()
    except OSError:
        return None  # it was deleted, or is a folder
