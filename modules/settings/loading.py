"""Loading of an environment's YAML file and environment variables into valid settings."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import ErrorDetails

from modules.errors import UserError
from modules.settings.environment import Settings
from modules.settings.reading import Draft, display, read_file, read_variables
from modules.settings.validation import Validation, closest_key, known_keys, validate

ENVIRONMENTS = Path(__file__).parents[2] / "environments"


class SettingsError(UserError):
    """The settings are not usable; the message has one line for each problem."""


@dataclass(frozen=True, kw_only=True)
class LoadedSettings:
    """Valid settings, and where each value that is not a default came from."""

    settings: Settings
    sources: Mapping[str, str]

    def source_of(self, key: str) -> str:
        """Return the source of a value: file and line, environment variable, or `default`."""
        return _source_of(key, sources=self.sources) or "default"


def load_settings(
    *, environment: str, variables: Mapping[str, str], folder: Path = ENVIRONMENTS
) -> LoadedSettings:
    """Read and validate one environment.

    Args:
        environment: Name of the settings file, without `.yaml`.
        variables: Environment variables that may override values.
        folder: Folder of the settings files.

    Raises:
        SettingsError: A file is missing or broken, a key is unknown, a value has a wrong type or is
            out of bounds, or a rule is broken; the message lists all problems.
    """
    path = folder / f"{environment}.yaml"
    if not re.fullmatch(r"[a-z0-9-]+", environment) or not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.yaml")))
        message = f"ENVIRONMENT: no environment is named '{environment}'; one of {known}"
        raise SettingsError(message)
    draft = Draft()
    if unreadable := [*read_file(draft, path=path)]:
        raise SettingsError("\n".join(unreadable))
    unreadable = [*read_variables(draft, variables=variables)]
    validation = validate(draft.values)
    lines = [*unreadable, *_describe(validation, draft=draft, path=path)]
    if lines or validation.settings is None:
        raise SettingsError("\n".join(dict.fromkeys(lines)))
    return LoadedSettings(settings=validation.settings, sources=dict(draft.sources))


def _describe(validation: Validation, *, draft: Draft, path: Path) -> Iterator[str]:
    for error in validation.errors:
        key = ".".join(str(part) for part in error["loc"])
        yield f"{_place(key, draft=draft, path=path)}: {key}: {_explain(error)}"
    for problem in validation.problems:
        place = _place(problem.key, draft=draft, path=path)
        yield f"{place}: {problem.key}: {problem.message}"


def _place(key: str, *, draft: Draft, path: Path) -> str:
    """Return where a key is set, or a key below it; the file if neither is."""
    below = (draft.sources[name] for name in draft.sources if name.startswith(f"{key}."))
    return _source_of(key, sources=draft.sources) or next(below, display(path))


def _source_of(key: str, *, sources: Mapping[str, str]) -> str | None:
    """Return the source of a key, or else of the nearest key above it."""
    parts = key.split(".")
    above = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((sources[name] for name in above if name in sources), None)


def _explain(error: ErrorDetails) -> str:
    if error["type"] == "extra_forbidden":
        meant = closest_key(error["loc"])
        if meant:
            return f"is not a known key; did you mean '{meant}'?"
        return f"is not a known key; one of {', '.join(known_keys(error['loc']))}"
    message = error["msg"].removeprefix("Value error, ")
    message = message[0].lower() + message[1:]
    if error["type"] == "missing":
        return "is missing"
    if error["type"] in {"too_short", "too_long"}:
        return message
    return f"{message}, not {json.dumps(error['input'], default=str)}"
