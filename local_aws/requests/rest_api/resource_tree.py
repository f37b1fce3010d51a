"""Finds the resource of a path."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from local_aws.extensions.apigateway.snapshot import Method, Resource


@dataclass(frozen=True, kw_only=True)
class Match:
    """A resource with the values of its path parameters, which are not decoded."""

    resource: Resource
    parameters: dict[str, str]

    def method(self, name: str) -> Method | None:
        """Return the method for an HTTP method's name, if there is one."""
        return self.resource.methods.get(name) or self.resource.methods.get("ANY")


@dataclass
class _Node:
    resource: Resource | None = None
    children: dict[str, "_Node"] = field(default_factory=dict[str, "_Node"])


class ResourceTree:
    """The resources of an API, by the parts of their paths.

    A fixed part wins over a parameter, and a parameter wins over a greedy parameter. Resources
    without methods do not match by themselves.
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
        """Return the resource of a path; a trailing slash is ignored."""
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
