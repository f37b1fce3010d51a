"""Finds the resource that a path belongs to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from local_aws.extensions.apigateway.snapshot import Method, Resource


@dataclass(frozen=True, kw_only=True)
class Match:
    """A resource, and what its path's parameters stand for: as sent, not decoded."""

    resource: Resource
    parameters: dict[str, str]

    def method(self, name: str) -> Method | None:
        """Return what the resource does for an HTTP method."""
        return self.resource.methods.get(name) or self.resource.methods.get("ANY")


@dataclass
class _Node:
    resource: Resource | None = None
    children: dict[str, "_Node"] = field(default_factory=dict[str, "_Node"])


class ResourceTree:
    """The resources of an API by the parts of their paths.

    A fixed part goes before a parameter, and that before a greedy one. A resource without methods
    is nothing but a part of others' paths.
    """

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._root = _Node()
        for resource in resources:
            if resource.methods:
                node = self._root
                for part in _parts(resource.path):
                    node = node.children.setdefault(part, _Node())
                node.resource = resource

    def match(self, path: str) -> Match | None:
        """Return the resource of a path; a slash at its end makes no difference."""
        return _match(self._root, _parts(path), {})


def _parts(path: str) -> list[str]:
    stripped = path.removeprefix("/").removesuffix("/")
    return stripped.split("/") if stripped else []


def _match(node: _Node, parts: Sequence[str], found: dict[str, str]) -> Match | None:
    if not parts:
        return Match(resource=node.resource, parameters=found) if node.resource else None
    first, *rest = parts
    fixed = None if first.startswith("{") else node.children.get(first)
    if fixed:
        matched = _match(fixed, rest, found)
        if matched:
            return matched
    greedy = None
    for part, child in node.children.items():
        name = part[1:-1]
        if part.endswith("+}"):
            greedy = _match(child, [], found | {name.removesuffix("+"): "/".join(parts)})
        elif part.startswith("{"):
            matched = _match(child, rest, found | {name: first})
            if matched:
                return matched
    return greedy
