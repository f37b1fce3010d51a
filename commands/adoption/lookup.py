"""Finds a resource in AWS by its name or identity."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, cast

import jmespath
from botocore.exceptions import ClientError

from commands.adoption.stack import Block, KnownValues, UnknownValueError

Answer = Mapping[str, Any]
Client = Any

SUFFIX_TAG = "Suffix"
"""The tag that only copies of an environment carry."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call of AWS's API. All texts may contain `{names}` of the resource's configuration."""

    operation: str
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    items: str = "[@]"
    """The JMESPath expression of the wanted part of the answer."""


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """How to find a resource of one type. Texts of later calls may use the item found before."""

    service: str
    find: Call
    """Lists what has the identity of the resource."""

    detail: Call | None = None
    """Reads what the list lacks, for each item."""

    tags: Call | str | None = None
    """The tags of an item: a JMESPath expression on it, or a call. None if the type has no tags:
    then the exact identity within this stack's own parent resource decides."""

    id: str
    """Terraform's import id."""

    attributes: Mapping[str, str] = field(default_factory=dict[str, str])
    """Other attributes that resources of the stack refer to."""

    told_if: str | None = None
    """The JMESPath condition on an item under which it is not adopted."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A resource that exists and belongs to the stack."""

    id: str
    attributes: Block
    holds_data: bool
    """Whether only the operator may decide about it."""


class _Names(dict[str, Any]):
    """The names that a text may contain: the configuration, resolved when read, and the item."""

    def __init__(self, block: Block, known: KnownValues, item: Answer) -> None:
        super().__init__(item)
        self._block = block
        self._known = known

    def __missing__(self, name: str) -> Any:  # noqa: ANN401  # any value of Terraform's JSON
        if name not in self._block:
            # An item that was found lacks nothing, unless the table is wrong.
            raise KeyError(name) if self else UnknownValueError(name)
        return self._known.resolve(self._block[name])


class _Quoting(Formatter):
    """Fills values into the literals of a JMESPath expression."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401  # as in Formatter
        return str(super().format_field(value, format_spec)).replace("'", "\\'")


@dataclass(frozen=True, kw_only=True)
class Search:
    """Looks for one resource."""

    lookup: Lookup
    block: Block
    known: KnownValues
    client: Callable[[str], Client]
    """Returns the client of a service, in the region of the resource."""

    required_tags: Mapping[str, str]

    def run(self) -> list[Found]:
        """Return what has the identity and the tags of the resource.

        Raises:
            UnknownValueError: A parent of the resource does not exist, so neither does it.
        """
        found = list(self._call(self.lookup.find, {}))
        if detail := self.lookup.detail:
            found = [more for item in found for more in self._call(detail, item)]
        return [self._describe(item) for item in found if self._is_tagged(item)]

    def _describe(self, item: Answer) -> Found:
        id_ = self._fill(self.lookup.id, item)
        more = {name: self._fill(text, item) for name, text in self.lookup.attributes.items()}
        condition = self.lookup.told_if
        return Found(
            id=id_,
            attributes=dict(self.block) | {"id": id_} | more,
            holds_data=bool(condition and jmespath.search(condition, item)),
        )

    def _is_tagged(self, item: Answer) -> bool:
        if self.lookup.tags is None:
            return True
        if isinstance(self.lookup.tags, str):
            tags = jmespath.search(self.lookup.tags, item)
        else:
            tags = self._call(self.lookup.tags, item)
        found = dict(_pairs(tags or []))
        # A copy of the environment has all tags of the environment, and its suffix.
        same_copy = found.get(SUFFIX_TAG) == self.required_tags.get(SUFFIX_TAG)
        return same_copy and self.required_tags.items() <= found.items()

    def _call(self, call: Call, item: Answer) -> list[Any]:
        arguments = self._fill(call.arguments, item)
        items = _Quoting().vformat(call.items, (), _Names(self.block, self.known, item))
        try:
            answer = _ask(self.client(self.lookup.service), call.operation, arguments)
        except ClientError as error:
            if _is_absence(error):
                return []
            raise
        return jmespath.search(items, answer) or []

    def _fill(self, template: Any, item: Answer) -> Any:  # noqa: ANN401  # a template of any shape
        if isinstance(template, str):
            return Formatter().vformat(template, (), _Names(self.block, self.known, item))
        if isinstance(template, list):
            return [self._fill(each, item) for each in cast("list[Any]", template)]
        if isinstance(template, dict):
            entries = cast("dict[str, Any]", template)
            return {key: self._fill(each, item) for key, each in entries.items()}
        return template


def _ask(client: Client, operation: str, arguments: Mapping[str, Any]) -> Answer:
    if client.can_paginate(operation):
        return client.get_paginator(operation).paginate(**arguments).build_full_result()
    return getattr(client, operation)(**arguments)


def error_code(error: ClientError) -> str:
    """Return AWS's code of an error."""
    return error.response.get("Error", {}).get("Code", "")


def _is_absence(error: ClientError) -> bool:
    code = error_code(error)
    return "NotFound" in code or "NoSuch" in code or code == "404"


def _pairs(tags: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # services differ in shape
    """Yield keys and values; services answer with pairs or with a mapping."""
    if isinstance(tags, dict):
        yield from tags.items()
        return
    for tag in tags:
        yield (tag.get("Key") or tag["TagKey"], tag.get("Value") or tag.get("TagValue", ""))
