"""Hides secrets: by the place that Terraform marks, and by value wherever else they stand.

Terraform's plans hold sensitive values in clear, and copies of them without a mark.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

from review.limits.secrets import NAME_PATTERN
from review.terraform.shapes import as_list, as_mapping, is_list, is_mapping

HIDDEN = "(sensitive)"

GENERATED_OUTPUT = "cross-stack-output-"
"""How the names of outputs begin that CDKTF makes for references between stacks. It marks all of
them, so the mark says nothing about their values."""

FRAGMENT = 6
"""The fewest characters of a secret that is hidden within other text too."""

WHOLE = 4
"""The fewest characters of a secret that is hidden where it is the whole text."""


class Masks:
    """The secrets of all plans of a review."""

    def __init__(self, secrets: Iterable[str]) -> None:
        found = {each for each in secrets if len(each) >= WHOLE}
        self._whole = frozenset(found)
        parts = sorted(
            {form for each in found if len(each) >= FRAGMENT for form in _forms(each)},
            key=len,
            reverse=True,
        )
        self._parts = re.compile("|".join(map(re.escape, parts))) if parts else None

    @classmethod
    def of(cls, documents: Iterable[Mapping[str, Any]]) -> "Masks":
        """Return the secrets that plans mark."""
        return cls(secret for document in documents for secret in _secrets(document))

    def hide(self, text: str) -> str:
        """Return a text without secrets."""
        if text in self._whole:
            return HIDDEN
        return self._parts.sub(HIDDEN, text) if self._parts else text

    def hide_all(self, value: object, name: str = "") -> Any:  # noqa: ANN401  # any JSON
        """Return a value without secrets, and without texts under a secret's name."""
        if isinstance(value, str):
            is_named = bool(value) and _names_secret(name) and not value.startswith("arn:")
            return HIDDEN if is_named else self.hide(value)
        if is_mapping(value):
            return {key: self.hide_all(each, str(key)) for key, each in value.items()}
        if is_list(value):
            return [self.hide_all(each, name) for each in value]
        return value


@cache
def _names_secret(name: str) -> bool:
    return bool(re.search(NAME_PATTERN, name, re.IGNORECASE))


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as it stands in JSON, in addresses and in base64."""
    yield secret
    yield json.dumps(secret)[1:-1]
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode().rstrip("=")


def _secrets(document: Mapping[str, Any]) -> Iterator[str]:
    for listed in ("resource_changes", "resource_drift"):
        for each in as_list(document.get(listed)):
            yield from _of_change(as_mapping(as_mapping(each).get("change")))
    for name, change in as_mapping(document.get("output_changes")).items():
        if not name.startswith(GENERATED_OUTPUT):
            yield from _of_change(as_mapping(change))
    prior = as_mapping(as_mapping(document.get("prior_state")).get("values"))
    for values in (prior, as_mapping(document.get("planned_values"))):
        yield from _of_module(as_mapping(values.get("root_module")))
        for name, output in as_mapping(values.get("outputs")).items():
            if as_mapping(output).get("sensitive") and not name.startswith(GENERATED_OUTPUT):
                yield from _texts(as_mapping(output).get("value"))
    root = as_mapping(as_mapping(document.get("configuration")).get("root_module"))
    for name, variable in as_mapping(root.get("variables")).items():
        if as_mapping(variable).get("sensitive"):
            given = as_mapping(as_mapping(document.get("variables")).get(name))
            yield from _texts(given.get("value"))


def _of_change(change: Mapping[str, Any]) -> Iterator[str]:
    yield from marked_texts(change.get("before"), change.get("before_sensitive"))
    yield from marked_texts(change.get("after"), change.get("after_sensitive"))


def _of_module(module: Mapping[str, Any]) -> Iterator[str]:
    for each in as_list(module.get("resources")):
        body = as_mapping(each)
        yield from marked_texts(body.get("values"), body.get("sensitive_values"))
    for child in as_list(module.get("child_modules")):
        yield from _of_module(as_mapping(child))


def marked_texts(value: object, mask: object) -> Iterator[str]:
    """Yield the texts of a value that a mask marks."""
    if mask is True:
        yield from _texts(value)
    elif is_mapping(mask) and is_mapping(value):
        for name, each in mask.items():
            yield from marked_texts(value.get(name), each)
    elif is_list(mask) and is_list(value):
        for each, inner in zip(value, mask, strict=False):
            yield from marked_texts(each, inner)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_mapping(value):
        for each in value.values():
            yield from _texts(each)
    elif is_list(value):
        for each in value:
            yield from _texts(each)
