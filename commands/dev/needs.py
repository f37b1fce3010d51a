"""Tells which changes of the working copy need a deployment: they are not the API's code."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from commands.shared.served_routes import Routes, find_differences
from modules.release.api_document import ApiDocument, ApiDocumentError, load_api_document

_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class DeployedApi:
    """What is deployed at the moment."""

    version: str
    """The function's version behind the alias; each deployment of other code makes a new one."""

    routes: Routes
    """The routes that the API serves."""


@dataclass(frozen=True, kw_only=True)
class _Files:
    """The files that decide what is deployed, as they are at one moment."""

    digests: dict[Path, bytes | None]
    document: ApiDocument | None
    """The API's document; None if it cannot be read."""


class DeploymentNeeds:
    """Compares saved files with those that are deployed.

    The files at the start count as deployed, except for the API's routes, which are compared with
    those of the deployed API. After a deployment meanwhile, the files before the next save count.

    Args:
        root: The project's folder.
        environment: The environment's name.
        read_deployed: Returns what is deployed.
    """

    def __init__(
        self, *, root: Path, environment: str, read_deployed: Callable[[], DeployedApi]
    ) -> None:
        self._root = root
        self._source = root / "container" / "src"
        self._api = root / "container" / "openapi.json"
        self._settings_file = root / "environments" / f"{environment}.yaml"
        self._modules = root / "modules"
        self._read_deployed = read_deployed
        self._version = read_deployed().version
        files = (
            self._settings_file,
            self._api,
            *self._source.rglob("*"),
            *self._modules.rglob("*"),
        )
        self._seen = self._deployed = _Files(
            digests={file: _digest(file) for file in files}, document=self._load_document()
        )

    def describe_deployed(self) -> list[str]:
        """Return how the deployed API differs from the document now."""
        return [*self._differing_routes(self._read_deployed().routes)]

    def describe(self, saved: set[Path]) -> list[str]:
        """Return what in saved files needs a deployment; nothing if only the API's code changed."""
        before = self._seen
        saved_digests = {file: _digest(file) for file in saved}
        self._seen = _Files(
            digests=before.digests | saved_digests,
            document=self._load_document() if self._api in saved else before.document,
        )
        api = self._read_deployed()
        if api.version != self._version:
            self._version, self._deployed = api.version, before
        changed = {
            file
            for file, digest in saved_digests.items()
            if digest not in {before.digests.get(file), self._deployed.digests.get(file)}
        }
        return [
            *(self._describe_api(api.routes) if self._api in changed else ()),
            *self._describe_files("the migrations changed", changed, self._is_migration),
            *self._describe_files("database administration changed", changed, self._administers),
            *self._describe_files("what is deployed changed", changed, self._is_deployed),
        ]

    def _describe_api(self, served: Routes) -> Iterator[str]:
        name = self._name(self._api)
        if self._seen.document is None:
            yield f"{name} cannot be read, so a deployment would fail"
        elif routes := [*self._differing_routes(served)]:
            yield from routes
        elif self._seen.document != self._deployed.document:
            yield f"{name}: parameters, bodies or scopes changed"

    def _differing_routes(self, served: Routes) -> Iterator[str]:
        if self._seen.document is None:
            return
        differences = find_differences(served, document=self._seen.document)
        if differences:
            shown = ", ".join(differences[:_SHOWN])
            more = len(differences) - _SHOWN
            and_more = f" and {more} more" if more > 0 else ""
            yield f"API Gateway has other routes than {self._name(self._api)}: {shown}{and_more}"

    def _describe_files(
        self, what: str, changed: set[Path], concerned: Callable[[Path], bool]
    ) -> Iterator[str]:
        names = sorted(self._name(file) for file in changed if concerned(file))
        if names:
            yield f"{what}: {', '.join(names)}"

    def _is_migration(self, file: Path) -> bool:
        return file.is_relative_to(self._source / "migrations")

    def _administers(self, file: Path) -> bool:
        folder = self._source / "administration"
        return file.is_relative_to(folder) or file == folder.with_suffix(".ts")

    def _is_deployed(self, file: Path) -> bool:
        return file == self._settings_file or file.is_relative_to(self._modules)

    def _load_document(self) -> ApiDocument | None:
        try:
            return load_api_document(self._api)
        except ApiDocumentError:
            return None

    def _name(self, file: Path) -> str:
        return file.relative_to(self._root).as_posix()


def _digest(file: Path) -> bytes | None:
    try:
        return hashlib.sha256(file.read_bytes()).digest()
    except OSError:
        return None  # it was deleted, or is a folder
