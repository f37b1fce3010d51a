"""Refuses YAML that cannot be a setting, before it becomes values."""

import math
import warnings
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import cast

from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning
from ruamel.yaml.events import (
    Event,
    MappingEndEvent,
    MappingStartEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

PREFIX = "tag:yaml.org,2002:"
"""The tags of YAML's own types, whether written or found by the form of a value."""

DEEPEST = 20
"""Levels of nesting. No setting has more than 5."""

TOO_DEEP = f"is nested more than {DEEPEST} levels deep"

LONGEST_NUMBER = 18
"""Digits of a number, as many as 64 bits hold."""


def find_yaml_problems(source: Path | str) -> Iterator[tuple[int, str]]:
    """Yield a line and a sentence for each part of a YAML text that cannot be a setting.

    Args:
        source: A file, or the text itself.

    Raises:
        YAMLError: It is not valid YAML.
        OSError: The file cannot be read.
    """
    found = list(_find_in_events(source))
    if found:
        yield from found
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ReusedAnchorWarning)
            root = cast("Node | None", YAML(typ="rt", pure=True).compose(source))  # pyright: ignore[reportUnknownMemberType]
    except ReusedAnchorWarning:
        yield 1, "an anchor (&) is set twice; give each its own name"
        return
    if root is not None:
        yield from _walk(root, depth=1)


def _find_in_events(source: Path | str) -> Iterator[tuple[int, str]]:
    """Yield the tags that somebody wrote, and stop at deep nesting, which takes parsers long."""
    depth = 0
    with source.open("rb") if isinstance(source, Path) else StringIO(source) as stream:
        events = cast("Iterator[Event]", YAML(typ="rt", pure=True).parse(stream))  # pyright: ignore[reportUnknownMemberType]
        for event in events:
            line = _line(event)
            if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                depth += 1
            elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
                depth -= 1
            if depth > DEEPEST:
                yield line, TOO_DEEP
                return
            tag = cast("str | None", getattr(event, "tag", None))
            if tag:
                shown = f"!!{tag.removeprefix(PREFIX)}" if tag.startswith(PREFIX) else tag
                yield line, f"the tag {shown} is not read here; write the value without it"


def _walk(node: Node, *, depth: int) -> Iterator[tuple[int, str]]:
    line = _line(node)
    if depth > DEEPEST:
        yield line, TOO_DEEP
        return
    if isinstance(node, ScalarNode):
        kind = _tag(node).removeprefix(PREFIX)
        yield from _check_number(cast("str", node.value), kind=kind, line=line)
    elif isinstance(node, MappingNode):
        for key, value in cast("list[tuple[Node, Node]]", node.value):
            yield from _check_key(key)
            yield from _walk(value, depth=depth + 1)
    elif isinstance(node, SequenceNode):
        for value in cast("list[Node]", node.value):
            yield from _walk(value, depth=depth + 1)


def _line(place: Node | Event) -> int:
    return cast("int", place.start_mark.line) + 1  # pyright: ignore[reportUnknownMemberType]


def _tag(node: Node) -> str:
    return cast("str", node.tag)  # pyright: ignore[reportUnknownMemberType]


def _check_key(key: Node) -> Iterator[tuple[int, str]]:
    line = _line(key)
    if _tag(key) == f"{PREFIX}merge":
        yield line, "the merge key << is not read here; write the keys in full"
    elif _tag(key) != f"{PREFIX}str":
        yield line, "a key has to be a name; write it in quotes"


def _check_number(text: str, *, kind: str, line: int) -> Iterator[tuple[int, str]]:
    digits = sum(each.isdigit() for each in text)
    if kind == "int" and digits > LONGEST_NUMBER:
        yield line, f"a number of {digits} digits is too large"
    elif kind == "float" and not _is_finite(text):
        yield line, f"{text[:40]} is no finite number"


def _is_finite(text: str) -> bool:
    word = text.lower().lstrip("+-").replace("_", "")
    return word not in {".inf", ".nan"} and math.isfinite(float(word))
