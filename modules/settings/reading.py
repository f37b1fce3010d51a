"""Reading of an environment's YAML file and variables into plain values with their sources."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from modules.settings.yaml_nodes import find_yaml_problems

OVERRIDE_PREFIX = "PLATFORM__"
"""`PLATFORM__DATABASE__READERS=1` overrides `database.readers`; values are read as YAML."""

SHORT_NAMES = {
    "ENVIRONMENT_SUFFIX": "suffix",
    "LOCAL_AWS_CREDENTIALS_FILE": "local_aws.credentials_file",
    "LOCAL_AWS_PORT": "local_aws.port",
    "LOCAL_AWS_URL": "local_aws.url",
}
"""Well-known variables and the keys they override."""

ENVIRONMENT_KEY = "environment"
"""The key that the file's own name sets."""


@dataclass(kw_only=True)
class Draft:
    """Values before validation, with the source of every key."""

    values: dict[str, object] = field(default_factory=dict[str, object])
    sources: dict[str, str] = field(default_factory=dict[str, str])

    def put(self, *, key: str, value: object, source: str) -> None:
        """Set the value of a dotted key, and remember its source."""
        *parents, name = key.split(".")
        section = self.values
        for parent in parents:
            child = section.get(parent)
            if not isinstance(child, dict):
                child = section[parent] = {}
            section = cast("dict[str, object]", child)
        section[name] = value
        self.sources[key] = source


def display(path: Path) -> str:
    """Return a settings file's path as error messages show it."""
    return f"{path.parent.name}/{path.name}"


def read_file(draft: Draft, *, path: Path) -> Iterator[str]:
    """Read a settings file into a draft; yield a line for each problem."""
    draft.put(key=ENVIRONMENT_KEY, value=path.stem, source=display(path))
    try:
        problems = list(find_yaml_problems(path))
        if problems:
            yield from (f"{display(path)}:{line}: {said}" for line, said in problems)
            return
        document = cast("object", YAML(typ="rt", pure=True).load(path))  # pyright: ignore[reportUnknownMemberType]
    except MarkedYAMLError as error:
        yield f"{display(path)}: is not valid YAML: {_one_line(error, path=path)}"
        return
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        yield f"{display(path)}: cannot be read: {_one_line(error, path=path)}"
        return
    if document is None:
        return
    if not isinstance(document, CommentedMap):
        yield f"{display(path)}: should be a mapping of keys to values"
        return
    yield from _read_mapping(draft, mapping=document, path=path, parents=())


def _one_line(error: Exception, *, path: Path) -> str:
    return " ".join(str(error).replace(str(path), display(path)).split())


def _read_mapping(
    draft: Draft, *, mapping: CommentedMap, path: Path, parents: tuple[str, ...]
) -> Iterator[str]:
    for name, value in cast("Mapping[object, object]", mapping).items():
        line = cast("tuple[int, int]", mapping.lc.key(name))[0] + 1  # pyright: ignore[reportUnknownMemberType]
        source = f"{display(path)}:{line}"
        key = ".".join((*parents, str(name)))
        if key == ENVIRONMENT_KEY:
            yield f"{source}: {key}: is the file's own name; leave it out"
        elif isinstance(value, CommentedMap) and value:
            yield from _read_mapping(draft, mapping=value, path=path, parents=(*parents, str(name)))
        else:
            plain = cast("object", json.loads(json.dumps(value, default=str)))
            draft.put(key=key, value=plain, source=source)


def read_variables(draft: Draft, *, variables: Mapping[str, str]) -> Iterator[str]:
    """Read environment variables into a draft; yield a line for each problem."""
    for name, text in sorted(variables.items()):
        key = _overridden_key(name, draft=draft)
        if key is None or not text:
            continue
        if key == ENVIRONMENT_KEY:
            yield f"{name}: select the environment with ENVIRONMENT instead"
            continue
        value: object
        try:
            problems = list(find_yaml_problems(text))
            if problems:
                yield from (f"{name}: {said}" for _, said in problems)
                continue
            value = cast("object", YAML(typ="safe", pure=True).load(text))  # pyright: ignore[reportUnknownMemberType]
        except YAMLError:
            yield f"{name}: is not valid YAML: {text!r}"
            continue
        if key in {"suffix", "account_id"}:
            value = text
        draft.put(key=key, value=value, source=name)


def _overridden_key(variable: str, *, draft: Draft) -> str | None:
    if variable.startswith(OVERRIDE_PREFIX):
        return variable.removeprefix(OVERRIDE_PREFIX).lower().replace("__", ".")
    key = SHORT_NAMES.get(variable)
    if key and key.startswith("local_aws.") and draft.values.get("local_aws") is None:
        return None
    return key
