"""Validation of a draft as far as possible, so that one run reports all bad settings."""

import difflib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from modules.settings.environment import Settings
from modules.settings.rules import RULES, Problem, find_problems

Keys = tuple[str, ...]
"""A key below the root of the settings, such as `("database", "readers")`."""


@dataclass(frozen=True, kw_only=True)
class Validation:
    """Valid settings, or all that is wrong with them."""

    settings: Settings | None
    """The settings, or None if a field is wrong."""

    errors: tuple[ErrorDetails, ...] = ()
    """Fields that are unknown, missing, of a wrong type or out of bounds."""

    problems: tuple[Problem, ...] = ()
    """Broken rules, as far as they can be checked without the fields in `errors`."""


def validate(values: Mapping[str, object]) -> Validation:
    """Check every field, and every rule that reads valid fields only."""
    try:
        settings = _validate_fields(values)
    except ValidationError as error:
        errors = tuple(error.errors(include_url=False))
        problems = tuple(_find_problems_beside(errors, values=values))
        return Validation(settings=None, errors=errors, problems=problems)
    return Validation(settings=settings, problems=tuple(find_problems(settings)))


def _validate_fields(values: Mapping[str, object]) -> Settings:
    return Settings.model_validate_json(json.dumps(values, default=str))


def _find_problems_beside(
    errors: tuple[ErrorDetails, ...], *, values: Mapping[str, object]
) -> Iterator[Problem]:
    """Yield broken rules among the valid fields, and skip rules that read an invalid field."""
    remaining = deepcopy(dict(values))
    unreadable: list[Keys] = []
    settings: Settings | None = None
    while settings is None:
        for error in errors:
            unreadable.extend(_remove(error, values=remaining))
        if () in unreadable:
            return
        try:
            settings = _validate_fields(remaining)
        except ValidationError as error:
            errors = tuple(error.errors(include_url=False))
    readable = _without(settings, unreadable)
    for rule in RULES:
        with suppress(AttributeError):
            yield from rule(readable)


def _remove(error: ErrorDetails, *, values: dict[str, object]) -> Iterator[Keys]:
    """Remove the value that an error is about; yield the keys that are missing after that."""
    location = error["loc"][:-1] if error["type"] == "missing" else error["loc"]
    section, keys = values, Keys()
    for part in location:
        child = section.get(str(part))
        keys = (*keys, str(part))
        if not isinstance(child, dict):
            break
        section = cast("dict[str, object]", child)
    section = values
    for key in keys[:-1]:
        section = cast("dict[str, object]", section[key])
    if keys:
        section.pop(keys[-1], None)
    if error["type"] != "extra_forbidden":
        yield keys
    elif meant := closest_key(error["loc"]):
        yield (*keys[:-1], meant)


def _without(settings: Settings, unreadable: list[Keys]) -> Settings:
    """Copy settings without some fields: reading one of them raises AttributeError."""
    copy = settings.model_copy(deep=True)
    for *parents, name in unreadable:
        section: object = copy
        for parent in parents:
            section = getattr(section, parent, None)
        with suppress(AttributeError):
            object.__delattr__(section, name)  # a frozen model refuses `del`
    return copy


def known_keys(location: tuple[int | str, ...]) -> list[str]:
    """List the keys that are known where an unknown one was found."""
    model: type[BaseModel] | None = Settings
    for part in location[:-1]:
        model = _section_of(model, name=str(part)) if model else None
    return sorted(model.model_fields) if model else []


def closest_key(location: tuple[int | str, ...]) -> str | None:
    """Return the known key that an unknown one most likely means."""
    close = difflib.get_close_matches(str(location[-1]), known_keys(location), n=1)
    return close[0] if close else None


def _section_of(model: type[BaseModel], *, name: str) -> type[BaseModel] | None:
    if name.isdecimal():
        return model
    info = model.model_fields.get(name)
    candidates = [info.annotation, *get_args(info.annotation)] if info else []
    for candidate in candidates:
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None
