"""Everything that the inputs hold: resources of all stacks, and how they refer to one another."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from review.terraform.blocks import Block, NotEvaluableError, Resource
from review.terraform.shapes import is_list
from review.terraform.values import find_unknowns

IDENTIFIERS = (
    "alias",
    "arn",
    "bucket",
    "bucket_regional_domain_name",
    "cluster_identifier",
    "dns_name",
    "domain_name",
    "execution_arn",
    "function_name",
    "id",
    "identifier",
    "invoke_arn",
    "key_id",
    "name",
    "qualified_arn",
    "repository_url",
)
"""Attributes by whose values other resources name a resource."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A resource that an argument names, and the attribute by which it does."""

    resource: Resource
    attribute: str


@dataclass(kw_only=True)
class Stack:
    """One synthesised stack, one folder of a configuration, or one plan."""

    name: str
    resources: list[Resource] = field(default_factory=list[Resource])
    reads: set[str] = field(default_factory=set[str])
    """The stacks that have to be deployed before it."""

    is_plan: bool = False


@dataclass(kw_only=True)
class Configuration:
    """All stacks of a review."""

    stacks: list[Stack]

    @cached_property
    def resources(self) -> list[Resource]:
        """Every managed resource."""
        return [each for stack in self.stacks for each in stack.resources if each.mode == "managed"]

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for stack in self.stacks:
            for resource in stack.resources:
                prefix = "data." if resource.mode == "data" else ""
                found[prefix + resource.type].append(resource)
        return found

    def of(self, *types: str) -> list[Resource]:
        """Return all resources of some types; `data.aws_x` names data sources."""
        return [each for type_ in types for each in self._by_type.get(type_, [])]

    @cached_property
    def _by_identifier(self) -> dict[str, list[Link]]:
        found: dict[str, list[Link]] = defaultdict(list)
        for resource in self.resources:
            for attribute in IDENTIFIERS:
                value = resource.get(attribute) if attribute in resource.raw else None
                if isinstance(value, str) and value:
                    found[value].append(Link(resource=resource, attribute=attribute))
        return found

    def links(self, block: Block, name: str) -> list[Link]:
        """Return the resources that an argument names, by reference or by value."""
        if not isinstance(block, Resource):
            return self._find_links(block, name)
        # Nested blocks are made anew each time; resources are asked the same many times.
        if (block, name) not in self._links_cache:
            self._links_cache[block, name] = self._find_links(block, name)
        return list(self._links_cache[block, name])

    @cached_property
    def _links_cache(self) -> dict[tuple[Resource, str], list[Link]]:
        return {}

    def _find_links(self, block: Block, name: str) -> list[Link]:
        found = [
            Link(resource=resource, attribute=attribute)
            for reference in block.references(name)
            for resource, attribute in block.source.resolve(reference)
        ]
        if not found:
            for value in _texts(block.get(name)):
                found += self._by_identifier.get(value, [])
        return list({(link.resource.full_address, link.attribute): link for link in found}.values())

    def linked(self, block: Block, name: str, *types: str) -> list[Resource]:
        """Return the resources of some types that an argument names.

        Raises:
            NotEvaluableError: It names something, but what is not visible.
        """
        found = [link.resource for link in self.links(block, name) if link.resource.type in types]
        if not found and any(find_unknowns(block.get(name))):
            raise NotEvaluableError(block.place, f"what {name} names is not visible")
        return list(dict.fromkeys(found))

    def users(self, resource: Resource, type_: str, *names: str) -> list[Resource]:
        """Return the resources of a type that name a resource in one of some arguments.

        Raises:
            NotEvaluableError: None is found, and what some of them name is not visible.
        """
        if (type_, names) not in self._users_cache:
            self._users_cache[type_, names] = self._all_users(type_, names)
        users, hidden = self._users_cache[type_, names]
        if resource not in users and hidden:
            raise NotEvaluableError(hidden.place, f"what {' or '.join(names)} names is not visible")
        return list(users.get(resource, ()))

    @cached_property
    def _users_cache(
        self,
    ) -> dict[tuple[str, tuple[str, ...]], tuple[dict[Resource, list[Resource]], Resource | None]]:
        return {}

    def _all_users(
        self, type_: str, names: tuple[str, ...]
    ) -> tuple[dict[Resource, list[Resource]], Resource | None]:
        """Return the users of every resource, and one whose arguments are not visible."""
        users: dict[Resource, list[Resource]] = defaultdict(list)
        hidden: Resource | None = None
        for candidate in self.of(type_):
            named: dict[Resource, None] = {}
            for name in names:
                links = self.links(candidate, name)
                named.update(dict.fromkeys(link.resource for link in links))
                if not links and any(find_unknowns(candidate.get(name))):
                    hidden = candidate
            for resource in named:
                users[resource].append(candidate)
        return dict(users), hidden

    def comes_after(self, resource: Resource, other: Resource) -> bool:
        """Return whether Terraform makes a resource only after another one.

        Raises:
            NotEvaluableError: The input does not have `depends_on`.
        """
        if resource.stack != other.stack:
            return other.stack in self._stacks_before(resource.stack)
        return other in self._before(resource)

    def _before(self, resource: Resource) -> set[Resource]:
        """Return everything within its stack that a resource waits for."""
        seen: set[Resource] = set()
        open_: list[Resource] = [resource]
        while open_:
            for each in self._direct(open_.pop()):
                if each.stack == resource.stack and each not in seen:
                    seen.add(each)
                    open_.append(each)
        return seen

    @cached_property
    def _direct_cache(self) -> dict[Resource, list[Resource]]:
        return {}

    def _direct(self, resource: Resource) -> list[Resource]:
        if resource not in self._direct_cache:
            if resource.dependencies is None:
                raise NotEvaluableError(resource.place, "its dependencies are not visible")
            references = [*resource.dependencies]
            for name in resource.raw.keys() | resource.expressions.keys():
                references += resource.references(name)
            self._direct_cache[resource] = [
                found for reference in references for found, _ in resource.source.resolve(reference)
            ]
        return self._direct_cache[resource]

    def _stacks_before(self, name: str) -> set[str]:
        reads = {stack.name: stack.reads for stack in self.stacks}
        seen: set[str] = set()
        open_ = [name]
        while open_:
            for each in reads.get(open_.pop(), set()) - seen:
                seen.add(each)
                open_.append(each)
        return seen


def _texts(value: object) -> Iterator[str]:
    """Yield the texts in a value, and in lists within it."""
    if isinstance(value, str):
        yield value
    elif is_list(value):
        for each in value:
            yield from _texts(each)
