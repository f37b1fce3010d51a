"""From an environment's YAML file and environment variables to valid settings."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from modules.settings.environment import Settings
from modules.settings.rules import Problem

ENVIRONMENTS = Path(__file__).parents[2] / "environments"
OVERRIDE_PREFIX = "PLATFORM__"
"""`PLATFORM__DATABASE__READERS=1` overrides `database.readers`; values are read as YAML."""

SHORT_NAMES = {
    "ENVIRONMENT_SUFFIX": "suffix",
    "LOCAL_AWS_PORT": "local_aws.port",
    "LOCAL_AWS_URL": "local_aws.url",
}
"""Well-known variables and the keys they override."""

_OWN_KEY = "environment"


class SettingsError(Exception):
    """The settings are not usable; the message has one line a problem."""


@dataclass(frozen=True, kw_only=True)
class LoadedSettings:
    """Valid settings, and where each value that is not a default came from."""

    settings: Settings
    sources: Mapping[str, str]

    def source_of(self, key: str) -> str:
        """Where a value came from: file and line, environment variable, or `default`."""
        return _source_of(key, sources=self.sources) or "default"


@dataclass(kw_only=True)
class _Draft:
    """Values as read, before validation, with the source of every key."""

    values: dict[str, object] = field(default_factory=dict[str, object])
    sources: dict[str, str] = field(default_factory=dict[str, str])

    def put(self, *, key: str, value: object, source: str) -> None:
        *parents, name = key.split(".")
        section = self.values
        for parent in parents:
            child = section.get(parent)
            if not isinstance(child, dict):
                child = section[parent] = {}
            section = cast("dict[str, object]", child)
        section[name] = value
        self.sources[key] = source


def _source_of(key: str, *, sources: Mapping[str, str]) -> str | None:
    """Source of a key, or else of the nearest key above it."""
    parts = key.split(".")
    above = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((sources[name] for name in above if name in sources), None)


def load_settings(
    *, environment: str, variables: Mapping[str, str], folder: Path = ENVIRONMENTS
) -> LoadedSettings:
    """Read and validates one environment.

    Args:
        environment: name of the settings file, without `.yaml`.
        variables: environment variables that may override values.
        folder: where the settings files are.

    Raises:
        SettingsError: for a missing or broken file, and for every unknown key, wrong type, value
            out of bounds and broken rule at once.
    """
    draft = _Draft()
    path = folder / f"{environment}.yaml"
    if not re.fullmatch(r"[a-z0-9-]+", environment) or not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.yaml")))
        message = f"ENVIRONMENT: no environment is named '{environment}'; one of {known}"
        raise SettingsError(message)
    draft.put(key=_OWN_KEY, value=environment, source=_display(path))
    problems = [*_read_file(draft, path=path), *_read_variables(draft, variables=variables)]
    if problems:
        raise SettingsError("\n".join(problems))
    try:
        settings = Settings.model_validate_json(json.dumps(draft.values, default=str))
    except ValidationError as error:
        lines = dict.fromkeys(_describe(error, draft=draft, path=path))
        raise SettingsError("\n".join(lines)) from None
    return LoadedSettings(settings=settings, sources=dict(draft.sources))


def _display(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _read_file(draft: _Draft, *, path: Path) -> Iterator[str]:
    try:
        document = cast("object", YAML(typ="rt", pure=True).load(path))  # pyright: ignore[reportUnknownMemberType]
    except MarkedYAMLError as error:
        yield f"{_display(path)}: is not valid YAML: {_one_line(error, path=path)}"
        return
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        yield f"{_display(path)}: cannot be read: {_one_line(error, path=path)}"
        return
    if document is None:
        return
    if not isinstance(document, CommentedMap):
        yield f"{_display(path)}: should be a mapping of keys to values"
        return
    yield from _read_mapping(draft, mapping=document, path=path, parents=())


def _one_line(error: Exception, *, path: Path) -> str:
    return " ".join(str(error).replace(str(path), _display(path)).split())


def _read_mapping(
    draft: _Draft, *, mapping: CommentedMap, path: Path, parents: tuple[str, ...]
) -> Iterator[str]:
    for name, value in cast("Mapping[object, object]", mapping).items():
        line = cast("tuple[int, int]", mapping.lc.key(name))[0] + 1  # pyright: ignore[reportUnknownMemberType]
        source = f"{_display(path)}:{line}"
        key = ".".join((*parents, str(name)))
        if key == _OWN_KEY:
            yield f"{source}: {key}: is the file's own name; leave it out"
        elif isinstance(value, CommentedMap) and value:
            yield from _read_mapping(draft, mapping=value, path=path, parents=(*parents, str(name)))
        else:
            plain = cast("object", json.loads(json.dumps(value, default=str)))
            draft.put(key=key, value=plain, source=source)


def _read_variables(draft: _Draft, *, variables: Mapping[str, str]) -> Iterator[str]:
    for name, text in sorted(variables.items()):
        if name in SHORT_NAMES:
            key = SHORT_NAMES[name]
            if key.startswith("local_aws.") and not _is_local(draft):
                continue
        elif name.startswith(OVERRIDE_PREFIX):
            key = name.removeprefix(OVERRIDE_PREFIX).lower().replace("__", ".")
        else:
            continue
        if not text:
            continue
        if key == _OWN_KEY:
            yield f"{name}: select the environment with ENVIRONMENT instead"
            continue
        value: object
        try:
            value = cast("object", YAML(typ="safe", pure=True).load(text))  # pyright: ignore[reportUnknownMemberType]
        except YAMLError:
            yield f"{name}: is not valid YAML: {text!r}"
            continue
        if key in {"suffix", "account_id"}:
            value = text
        draft.put(key=key, value=value, source=name)


def _is_local(draft: _Draft) -> bool:
    return draft.values.get("local_aws") is not None


def _describe(error: ValidationError, *, draft: _Draft, path: Path) -> Iterator[str]:
    for details in error.errors(include_url=False):
        context = details.get("ctx", {})
        if "problems" in context:
            for problem in cast("tuple[Problem, ...]", context["problems"]):
                place = _place(problem.key, draft=draft, path=path)
                yield f"{place}: {problem.key}: {problem.message}"
            continue
        key = ".".join(str(part) for part in details["loc"])
        place = _place(key, draft=draft, path=path)
        yield f"{place}: {key}: {_explain(details)}"


def _place(key: str, *, draft: _Draft, path: Path) -> str:
    """Where the user wrote a key, or something below it, or else the file it is missing from."""
    below = (draft.sources[name] for name in draft.sources if name.startswith(f"{key}."))
    return _source_of(key, sources=draft.sources) or next(below, _display(path))


def _explain(details: ErrorDetails) -> str:
    if details["type"] == "extra_forbidden":
        return _suggest(details["loc"])
    message = details["msg"].removeprefix("Value error, ")
    message = message[0].lower() + message[1:]
    if details["type"] == "missing":
        return "is missing"
    if details["type"] in {"too_short", "too_long"}:
        return message
    return f"{message}, not {json.dumps(details['input'], default=str)}"


def _suggest(location: tuple[int | str, ...]) -> str:
    model: type[BaseModel] | None = Settings
    for part in location[:-1]:
        model = _section_of(model, name=str(part)) if model else None
    known = sorted(model.model_fields) if model else []
    close = difflib.get_close_matches(str(location[-1]), known, n=1)
    if close:
        return f"is not a known key; did you mean '{close[0]}'?"
    return f"is not a known key; one of {', '.join(known)}"


def _section_of(model: type[BaseModel], *, name: str) -> type[BaseModel] | None:
    if name.isdecimal():
        return model
    info = model.model_fields.get(name)
    candidates = [info.annotation, *get_args(info.annotation)] if info else []
    for candidate in candidates:
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None
