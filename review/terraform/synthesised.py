"""Reads configurations in Terraform's JSON syntax, as CDKTF synthesises them.

Source: Terraform documentation, JSON Configuration Syntax.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from review.terraform.blocks import Provider, Resource, identity_of
from review.terraform.configuration import Stack
from review.terraform.evaluation import evaluate
from review.terraform.expressions import parse_template
from review.terraform.shapes import (
    as_list,
    as_mapping,
    as_text,
    bodies,
    entries,
    first_body,
    is_list,
    is_mapping,
)
from review.terraform.values import Reference, Step, Unknown

META = ("connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner")
"""Arguments that belong to Terraform and not to a resource."""

REMOTE_STATE = "data.terraform_remote_state."


class Scope:
    """One stack's configuration, in which expressions are evaluated."""

    def __init__(self, stack: Stack, *, scopes: "dict[str, Scope]") -> None:
        self.stack = stack
        self.scopes = scopes
        """The scopes of all stacks, by the key of their state."""
        self.resources: dict[str, Resource] = {}
        self.locals: dict[str, Any] = {}
        self.variables: dict[str, Any] = {}
        self.outputs: dict[str, Any] = {}
        self._evaluating: set[Reference] = set()

    # --- Source ---

    def value(self, raw: object) -> object:
        """Evaluate a raw value."""
        return evaluate(raw, self._lookup)

    def references(self, raw: object, expression: object = None) -> Iterator[Reference]:
        """Yield every reference in a raw value."""
        del expression
        if isinstance(raw, str):
            if "${" in raw:
                yield from parse_template(raw).references()
        elif is_mapping(raw):
            for each in as_mapping(raw).values():
                yield from self.references(each)
        elif is_list(raw):
            for each in as_list(raw):
                yield from self.references(each)

    def resolve(self, reference: Reference) -> Iterator[tuple[Resource, str]]:
        """Yield the resources that a reference leads to, across locals and stacks."""
        resource = self.resources.get(reference.address)
        if reference in self._evaluating:
            return
        if resource and not reference.address.startswith(REMOTE_STATE):
            indexed = resource.repeated and reference.path
            yield resource, (reference.without_index() if indexed else reference).attribute
            return
        self._evaluating.add(reference)
        try:
            scope, raw = self._definition(reference)
            if scope is not None:
                for each in scope.references(raw):
                    yield from scope.resolve(each)
        finally:
            self._evaluating.discard(reference)

    def _definition(self, reference: Reference) -> "tuple[Scope | None, object]":
        """Return what defines a local, a variable or an output of another stack."""
        kind, _, name = reference.address.partition(".")
        if kind == "local" and name in self.locals:
            return self, self.locals[name]
        if kind == "var" and name in self.variables:
            return self, as_mapping(self.variables[name]).get("default")
        if reference.address.startswith(REMOTE_STATE):
            state = self.resources.get(reference.address)
            producer = self.scopes.get(state_key(state.raw)) if state else None
            names = [step for step in reference.path if isinstance(step, str)]
            if producer and len(names) > 1 and names[0] == "outputs":
                output = as_mapping(producer.outputs.get(names[1]))
                return producer, output.get("value")
        return None, None

    def _lookup(self, reference: Reference) -> object:
        unknown = Unknown(f"${{{_written(reference)}}}", (reference,))
        if reference in self._evaluating:
            return unknown
        self._evaluating.add(reference)
        try:
            scope, raw = self._definition(reference)
            path = list(reference.path)
            if scope is not None:
                path = path[2:] if reference.address.startswith(REMOTE_STATE) else path
                value = unknown if raw is None else scope.value(raw)
            else:
                resource = self.resources.get(reference.address)
                if resource and path and isinstance(path[0], int):
                    path = path[1:]
                if not resource or not path or not isinstance(path[0], str):
                    return unknown
                value = resource.get(path[0])
                path = path[1:]
            return _follow(value, path, unknown)
        finally:
            self._evaluating.discard(reference)


def _follow(value: object, path: list[Step], unknown: Unknown) -> object:
    """Return what steps lead to within a value; nothing that is set is a computed attribute."""
    for step in path:
        value = _step(value, step)
    return unknown if value is None else value


def _step(value: object, step: Step) -> object:
    if is_mapping(value):
        return value.get(str(step))
    if is_list(value) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _written(reference: Reference) -> str:
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in reference.path]
    return reference.address + "".join(steps)


def state_key(backend: Mapping[str, Any]) -> str:
    """Return where a state is kept: the last part of a path, or the whole key of a bucket."""
    settings = first_body(backend.get("config"))
    return _key(as_text(backend.get("backend")), settings)


def _key(kind: str, settings: Mapping[str, Any]) -> str:
    if kind == "local":
        return f"local {as_text(settings.get('path')).rpartition('/')[2]}"
    if kind == "remote":
        return f"remote {first_body(settings.get('workspaces')).get('name')}"
    return f"{kind} {settings.get('bucket')} {settings.get('key')}"


def read_configuration(
    document: Mapping[str, Any], *, name: str, scopes: dict[str, Scope]
) -> Stack:
    """Return the stack that a document in Terraform's JSON syntax describes.

    Args:
        document: The document.
        name: The stack's name; empty if there is only one.
        scopes: The scopes of all stacks that are reviewed together; the new one is added.
    """
    stack = Stack(name=name)
    scope = Scope(stack, scopes=scopes)
    scope.locals = dict(entries(document.get("locals")))
    scope.variables = dict(entries(document.get("variable")))
    scope.outputs = {key: _first(each) for key, each in entries(document.get("output"))}
    providers = dict(_read_providers(document, scope=scope))
    for mode, block in (("managed", "resource"), ("data", "data")):
        for type_, named in entries(document.get(block)):
            for label, body in entries(named):
                for arguments in bodies(body):
                    resource = _read_resource(
                        arguments,
                        scope=scope,
                        type_=type_,
                        label=label,
                        mode=mode,
                        providers=providers,
                    )
                    scope.resources[resource.address] = resource
    stack.resources = list(scope.resources.values())
    scopes[_own_key(document, name=name)] = scope
    return stack


def _own_key(document: Mapping[str, Any], *, name: str) -> str:
    for terraform in bodies(document.get("terraform")):
        for kind, settings in entries(terraform.get("backend")):
            return _key(kind, as_mapping(_first(settings)))
    return f"local terraform.{name}.tfstate"


def _first(value: object) -> object:
    return next(iter(as_list(value)), None)


def _read_providers(document: Mapping[str, Any], *, scope: Scope) -> Iterator[tuple[str, Provider]]:
    for kind, configured in entries(document.get("provider")):
        for body in bodies(configured):
            alias = as_text(body.get("alias"))
            yield (
                f"{kind}.{alias}" if alias else kind,
                Provider(
                    name=kind,
                    alias=alias,
                    region=scope.value(body.get("region")),
                    has_default_tags=bool(body.get("default_tags")),
                    identity=identity_of(body),
                ),
            )


def _read_resource(  # what a resource is made from
    body: Mapping[str, Any],
    *,
    scope: Scope,
    type_: str,
    label: str,
    mode: str,
    providers: Mapping[str, Provider],
) -> Resource:
    address = f"{'data.' if mode == 'data' else ''}{type_}.{label}"
    kind = type_.partition("_")[0]
    provider = as_text(body.get("provider")).removeprefix("${").removesuffix("}") or kind
    default = Provider(name=kind, alias="", region=None, has_default_tags=False)
    known = providers.get(provider) or (default if provider == kind else None)
    lifecycle = _first(body.get("lifecycle"))
    return Resource(
        place=f"{scope.stack.name}/{address}" if scope.stack.name else address,
        raw={key: each for key, each in body.items() if key not in META and each is not None},
        source=scope,
        stack=scope.stack.name,
        address=address,
        type=type_,
        name=label,
        mode=mode,
        provider=known,
        lifecycle_arguments=as_mapping(lifecycle),
        dependencies=tuple(_read_dependencies(body)),
        repeated="count" in body or "for_each" in body,
    )


def _read_dependencies(body: Mapping[str, Any]) -> Iterator[Reference]:
    for each in as_list(body.get("depends_on")):
        written = as_text(each)
        template = written if written.startswith("${") else f"${{{written}}}"
        yield from parse_template(template).references()
