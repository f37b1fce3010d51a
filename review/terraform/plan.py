"""Reads plans, as `terraform show -json` prints them.

Source: Terraform documentation, JSON Output Format.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from review.errors import ReviewError
from review.terraform.blocks import Provider, Resource, identity_of
from review.terraform.configuration import Stack
from review.terraform.expressions import parse_template
from review.terraform.shapes import as_list, as_mapping, as_text, is_expression, is_list, is_mapping
from review.terraform.values import Reference, Unknown

KNOWN_MAJORS = ("0", "1")
"""The major versions of the format that are read. A new minor version only adds to it."""

_INDEX = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')
_MODULE = re.compile(r'(?:module\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.)*')


@dataclass(kw_only=True)
class Module:
    """A module as its configuration describes it, in one place of the tree of modules."""

    path: str
    """Its address without indexes: empty for the root, or such as `module.a.`."""

    body: Mapping[str, Any]
    call: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The call of the module in its parent."""

    parent: "Module | None" = None

    @cached_property
    def _resources(self) -> dict[tuple[str, str, str], Mapping[str, Any]]:
        return {
            (
                as_text(body.get("type")),
                as_text(body.get("name")),
                as_text(body.get("mode")) or "managed",
            ): body
            for each in as_list(self.body.get("resources"))
            if (body := as_mapping(each))
        }

    def resource(self, *, type_: str, label: str, mode: str) -> Mapping[str, Any]:
        """Return what is written for a resource; nothing if it is not in the configuration."""
        return self._resources.get((type_, label, mode), {})

    def children(self) -> Iterator["Module"]:
        """Yield the modules that it calls, and theirs."""
        for name, call in as_mapping(self.body.get("module_calls")).items():
            body = as_mapping(as_mapping(call).get("module"))
            child = Module(
                path=f"{self.path}module.{name}.", body=body, call=as_mapping(call), parent=self
            )
            yield child
            yield from child.children()


class PlanScope:
    """The references of the resources of one module in a plan."""

    def __init__(self, *, module: Module, prefix: str, plan: "_Plan") -> None:
        self.module = module
        self.prefix = prefix
        """The module's address with indexes, such as `module.a[0].`."""
        self.plan = plan

    # --- Source ---

    def value(self, raw: object) -> object:
        """Return a value; what is unknown stands in it already."""
        return raw

    def references(self, raw: object, expression: object) -> Iterator[Reference]:
        """Yield what the expression of an argument reads, or that of an unknown part."""
        del raw
        for text in _referenced(expression):
            yield from parse_template(f"${{{text}}}").references()

    def resolve(self, reference: Reference) -> Iterator[tuple[Resource, str]]:
        """Yield the resources that a reference leads to, across modules."""
        yield from self._resolve(reference, seen=set())

    def _resolve(
        self, reference: Reference, *, seen: set[tuple[str, Reference]]
    ) -> Iterator[tuple[Resource, str]]:
        if (self.prefix, reference) in seen:
            return
        seen.add((self.prefix, reference))
        kind, _, name = reference.address.partition(".")
        if kind == "var" and self.module.parent:
            written = as_mapping(self.module.call.get("expressions")).get(name)
            yield from self._parent().resolve_all(written, seen=seen)
        elif kind == "module":
            child = self.plan.modules.get(f"{self.module.path}module.{name}.")
            outputs = as_mapping(child and child.body.get("outputs"))
            instance = self.plan.scopes.get(f"{self._instance(reference)}.")
            if instance:
                reference = reference.without_index()
            output = as_mapping(outputs.get(reference.attribute)).get("expression")
            scopes = [instance] if instance else self.plan.instances(f"{self.prefix}module.{name}")
            for scope in scopes:
                yield from scope.resolve_all(output, seen=seen)
        else:
            found = self.plan.by_address.get(self._instance(reference))
            if found:
                reference = reference.without_index()
            for resource in found or self.plan.by_address.get(self.prefix + reference.address, []):
                yield resource, reference.attribute

    def _instance(self, reference: Reference) -> str:
        """Return the address of the instance that a reference chooses, if it chooses one."""
        index = json.dumps(reference.path[0]) if reference.path else ""
        return f"{self.prefix}{reference.address}[{index}]"

    def resolve_all(
        self, expression: object, *, seen: set[tuple[str, Reference]]
    ) -> Iterator[tuple[Resource, str]]:
        """Yield what all references of an expression lead to."""
        for reference in self.references(None, expression):
            yield from self._resolve(reference, seen=seen)

    def _parent(self) -> "PlanScope":
        return self.plan.scope(_parent(self.prefix))


@dataclass(kw_only=True)
class _Plan:
    """A plan while it is read."""

    modules: dict[str, Module]
    by_address: dict[str, list[Resource]] = field(default_factory=dict[str, list[Resource]])
    """Resources by their address without the last index."""

    scopes: dict[str, PlanScope] = field(default_factory=dict[str, PlanScope])

    def scope(self, prefix: str) -> PlanScope:
        """Return the scope of a module by its address."""
        if prefix not in self.scopes:
            empty = Module(path="", body={})
            module = self.modules.get(_INDEX.sub("", prefix), empty)
            self.scopes[prefix] = PlanScope(module=module, prefix=prefix, plan=self)
            # A module may hold nothing but other modules.
            self.scope(_parent(prefix))
        return self.scopes[prefix]

    def instances(self, address: str) -> list[PlanScope]:
        """Return the scopes of every instance of a module."""
        return [
            scope
            for prefix, scope in list(self.scopes.items())
            if _INDEX.sub("", prefix.removeprefix(address)) == "." and prefix.startswith(address)
        ]


def is_plan(document: Mapping[str, Any]) -> bool:
    """Return whether a document is a plan."""
    return "format_version" in document and (
        "planned_values" in document or "resource_changes" in document
    )


def read_plan(document: Mapping[str, Any], *, name: str) -> Stack:
    """Return the stack that a plan would leave behind.

    Raises:
        ReviewError: The format is newer than what is read here.
    """
    version = as_text(document.get("format_version"))
    if version.partition(".")[0] not in KNOWN_MAJORS:
        message = f"{name or 'The plan'} has the format {version or '?'}; 1 is the newest known."
        raise ReviewError(message)
    configuration = as_mapping(document.get("configuration"))
    root = Module(path="", body=as_mapping(configuration.get("root_module")))
    plan = _Plan(modules={each.path: each for each in (root, *root.children())})
    plan.scope("")
    providers = as_mapping(configuration.get("provider_config"))
    variables = as_mapping(document.get("variables"))
    stack = Stack(name=name, is_plan=True)
    for change in _changes(document):
        prefix = (_MODULE.match(as_text(change.get("address"))) or [""])[0]
        resource = _read_change(
            change,
            name=name,
            scope=plan.scope(str(prefix)),
            providers=providers,
            variables=variables,
        )
        if resource:
            stack.resources.append(resource)
            plan.by_address.setdefault(_without_index(resource.address), []).append(resource)
            plan.by_address.setdefault(resource.address, []).append(resource)
    return stack


def _parent(prefix: str) -> str:
    """Return the address of the module that calls a module."""
    parent = _MODULE.match(prefix.rstrip(".").rpartition("module.")[0])
    return parent[0] if parent else ""


def _without_index(address: str) -> str:
    found = list(_INDEX.finditer(address))
    return address[: found[-1].start()] if found and found[-1].end() == len(address) else address


def _changes(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield every resource that exists after the plan, and the data sources that were read."""
    seen: set[str] = set()
    for each in as_list(document.get("resource_changes")):
        change = as_mapping(each)
        actions = as_list(as_mapping(change.get("change")).get("actions"))
        gone = {"delete", "forget"}.intersection(map(str, actions)) and "create" not in actions
        if gone or change.get("deposed"):
            continue
        seen.add(as_text(change.get("address")))
        yield change
    prior = as_mapping(as_mapping(document.get("prior_state")).get("values"))
    for resource in _values_of(as_mapping(prior.get("root_module"))):
        if resource.get("mode") == "data" and as_text(resource.get("address")) not in seen:
            yield {**resource, "change": {"after": resource.get("values"), "actions": ["read"]}}


def _values_of(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for each in as_list(module.get("resources")):
        yield as_mapping(each)
    for child in as_list(module.get("child_modules")):
        yield from _values_of(as_mapping(child))


def _read_change(
    change: Mapping[str, Any],
    *,
    name: str,
    scope: PlanScope,
    providers: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> Resource | None:
    address, type_ = as_text(change.get("address")), as_text(change.get("type"))
    if not address or not type_:
        return None
    mode = as_text(change.get("mode")) or "managed"
    label = as_text(change.get("name"))
    written = scope.module.resource(type_=type_, label=label, mode=mode)
    expressions = as_mapping(written.get("expressions"))
    planned = as_mapping(change.get("change"))
    values = merge_unknowns(
        planned.get("after"), planned.get("after_unknown"), expressions if written else None
    )
    raw = {key: each for key, each in as_mapping(values).items() if each is not None}
    dependencies = [
        reference
        for each in as_list(written.get("depends_on"))
        for reference in parse_template(f"${{{each}}}").references()
    ]
    return Resource(
        place=f"{name}/{address}" if name else address,
        raw=raw,
        source=scope,
        expressions=expressions,
        stack=name,
        address=address,
        type=type_,
        name=label,
        mode=mode,
        module=scope.prefix,
        provider=_provider(written, providers=providers, variables=variables),
        dependencies=tuple(dependencies) if written else None,
    )


def _provider(
    written: Mapping[str, Any], *, providers: Mapping[str, Any], variables: Mapping[str, Any]
) -> Provider | None:
    key = as_text(written.get("provider_config_key"))
    if not key:
        return None
    body = as_mapping(providers.get(key.rpartition(":")[2])) or as_mapping(providers.get(key))
    expressions = as_mapping(body.get("expressions"))
    region = as_mapping(expressions.get("region"))
    value: object = region.get("constant_value")
    for text in _referenced(region):
        variable = as_mapping(variables.get(text.removeprefix("var.")))
        value = variable.get("value", Unknown())
    return Provider(
        name=as_text(body.get("name")),
        alias=as_text(body.get("alias")),
        region=value,
        has_default_tags="default_tags" in expressions,
        identity=identity_of(expressions),
    )


def merge_unknowns(value: object, unknown: object, expression: object) -> object:
    """Return a planned value with `Unknown` in the places that are not known yet.

    Args:
        value: What is planned.
        unknown: The places that are not known.
        expression: What is written; `None` if that is not visible.
    """
    if not unknown:
        return value
    if unknown is True:
        references = [
            reference
            for text in _referenced(expression)
            for reference in parse_template(f"${{{text}}}").references()
        ]
        return Unknown(references=tuple(references))
    if is_mapping(unknown) and (is_mapping(value) or value is None):
        known, hidden = as_mapping(value), as_mapping(unknown)
        inner = None if is_expression(expression) or not is_mapping(expression) else expression
        merged = dict(known)
        for name, mask in hidden.items():
            if mask is True and inner is not None and name not in inner:
                merged[name] = Unknown(is_computed=True)
            elif mask:
                merged[name] = merge_unknowns(known.get(name), mask, as_mapping(inner).get(name))
        return merged
    if is_list(unknown) and (is_list(value) or value is None):
        known_items, hidden_items = as_list(value), unknown
        inner_items: list[Any] = [] if is_expression(expression) else as_list(expression)
        return [
            merge_unknowns(
                _at(known_items, index),
                _at(hidden_items, index),
                _at(inner_items, index) if len(inner_items) > 1 else _at(inner_items, 0),
            )
            for index in range(max(len(known_items), len(hidden_items)))
        ]
    return value


def _at(items: Sequence[object], index: int) -> object:
    return items[index] if index < len(items) else None


def _referenced(expression: object) -> Iterator[str]:
    """Yield the longest of the references that Terraform lists for an expression.

    For `aws_vpc.a.id` it lists `aws_vpc.a.id` and `aws_vpc.a`.
    """
    if is_mapping(expression):
        named = as_mapping(cast("object", expression))
        listed = [each for each in as_list(named.get("references")) if isinstance(each, str)]
        for index, each in enumerate(listed):
            before = listed[index - 1] if index else ""
            if not before.startswith((f"{each}.", f"{each}[")):
                yield each
        for key, each in named.items():
            if key != "references":
                yield from _referenced(each)
    elif is_list(expression):
        for each in expression:
            yield from _referenced(each)
