"""Documents for tests of the readers: plans made by hand, and the vocabulary of fixtures."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from review.terraform.expressions import parse_template
from review.terraform.shapes import bodies, entries, is_list, is_mapping
from review.terraform.synthesised import META

Block = dict[str, Any]


def change(
    address: str,
    after: Mapping[str, Any] | None = None,
    *,
    unknown: object = None,
    actions: tuple[str, ...] = ("create",),
    **more: object,
) -> Block:
    """Return an entry of `resource_changes` of a plan."""
    *module, type_, name = address.split(".")
    return {
        "address": address,
        "module_address": ".".join(module),
        "mode": "managed",
        "type": type_,
        "name": name.partition("[")[0],
        "change": {
            "actions": list(actions),
            "after": after if after is None else dict(after),
            "after_unknown": unknown if unknown is not None else {},
        },
        **more,
    }


def plan(*changes: Block, root_module: Block | None = None, **more: object) -> Block:
    """Return a plan, as `terraform show -json` prints it."""
    return {
        "format_version": "1.2",
        "planned_values": {},
        "resource_changes": list(changes),
        "configuration": {"root_module": root_module or {}},
        **more,
    }


def planned(document: Mapping[str, Any]) -> Block:
    """Return the plan of a configuration, with every expression unknown."""
    changes: list[Block] = []
    written: list[Block] = []
    for type_, named in entries(document.get("resource")):
        for label, body in entries(named):
            for arguments in bodies(body):
                values = {key: each for key, each in arguments.items() if key not in META}
                address = f"{type_}.{label}"
                changes.append(change(address, _known(values), unknown=_unknown(values)))
                written.append(
                    {
                        "address": address,
                        "mode": "managed",
                        "type": type_,
                        "name": label,
                        "provider_config_key": arguments.get("provider", "aws"),
                        "expressions": _expressions(values),
                        "depends_on": arguments.get("depends_on", []),
                    }
                )
    providers: Block = {}
    for kind, configured in entries(document.get("provider")):
        for each in bodies(configured):
            key = f"{kind}.{each['alias']}" if "alias" in each else kind
            providers[key] = {"name": kind, "expressions": _expressions(each)}
    result = plan(*changes, root_module={"resources": written})
    result["configuration"]["provider_config"] = providers
    return result


def _is_expression(value: object) -> bool:
    return isinstance(value, str) and "${" in value


def _known(value: object) -> Any:  # noqa: ANN401  # any JSON
    if is_mapping(value):
        return {key: _known(each) for key, each in value.items() if not _is_expression(each)}
    if is_list(value):
        return [None if _is_expression(each) else _known(each) for each in value]
    return value


def _unknown(value: object) -> object:
    if is_mapping(value):
        return {key: hidden for key, each in value.items() if (hidden := _unknown(each))}
    if is_list(value):
        return [_unknown(each) for each in value]
    return _is_expression(value)


def _expressions(value: object) -> Any:  # noqa: ANN401  # any JSON
    if is_mapping(value):
        return {key: _expressions(each) for key, each in value.items()}
    if is_list(value):
        return [_expressions(each) for each in value]
    if isinstance(value, str) and "${" in value:
        listed: list[str] = []
        for each in parse_template(value).references():
            listed += [".".join((each.address, *map(str, each.path))), each.address]
        return {"references": listed}
    return {"constant_value": value}


def names_of(documents: list[Block]) -> dict[str, list[str]]:
    """Return the types of resources in some documents, each with the arguments that occur."""
    found: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for type_, named in entries(document.get("resource")):
            for _, body in entries(named):
                for arguments in bodies(body):
                    found[type_].update(_names(arguments))
    return {type_: sorted(names) for type_, names in sorted(found.items())}


def _names(value: object) -> Iterator[str]:
    if is_mapping(value):
        for key, each in value.items():
            yield key
            yield from _names(each)
    elif is_list(value):
        for each in value:
            yield from _names(each)
