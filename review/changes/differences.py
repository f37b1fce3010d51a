"""Finds how the attributes of an object differ, and leaves out what says nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from review.changes import documents
from review.changes.masking import HIDDEN, Masks
from review.changes.model import Difference
from review.changes.reading import Change
from review.changes.showing import LATER, show
from review.terraform.shapes import is_list, is_mapping
from review.terraform.values import Unknown

TAGS = ("tags", "tags_all")

NOISE = re.compile(
    r"[0-9a-fA-F]{32,128}"  # a hash
    r"|(?:sha256:)?[0-9a-f]{64}"
    r"|[A-Za-z0-9+/]{43}="  # SHA-256 in base64
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:Z|[+-]\d\d:?\d\d)"  # a time
)
"""Values that tell a person nothing: hashes and timestamps."""


NOTHING = {None, "", "{}"}
"""Values as they are shown that say nothing. An empty list is shown as none."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """How an object differs before and after."""

    differences: tuple[Difference, ...]
    folded: int
    """How many differences are left out."""

    tags_only: bool
    """Whether nothing but tags differs."""


def compare(change: Change, *, masks: Masks) -> Compared:
    """Return how the attributes of a changed object differ.

    What is created or goes has no differences: everything of it does.
    """
    if change.action not in {"update", "replace"}:
        return Compared(differences=(), folded=0, tags_only=False)
    forcing = {str(path[0]) for path in change.replace_paths if path}
    shown: list[Difference] = []
    noise: list[Difference] = []
    folded = tags = 0
    for name in change.changed:
        before, after = change.before.get(name), change.after.get(name)
        if isinstance(after, Unknown) and name not in forcing and _is_computed(change, name):
            folded += 1
            continue
        found = list(
            _Comparison(masks).walk(
                before,
                after,
                name,
                hidden=(_mask(change.sensitive_before, name), _mask(change.sensitive_after, name)),
            )
        )
        if name in TAGS:
            tags += len(found)
            if name == "tags_all":
                continue
        for each in found:
            difference = replace(each, forces_replacement=name in forcing)
            if name not in forcing and (_is_empty(each) or _is_noise(each)):
                noise.append(difference)
            else:
                shown.append(difference)
    only_tags = bool(tags) and all(_is_tag(each) for each in shown) and all(map(_is_empty, noise))
    if not shown and noise:
        shown, noise = [_summarise(noise[0])], noise[1:]
    return Compared(differences=tuple(shown), folded=folded + len(noise), tags_only=only_tags)


def _is_tag(difference: Difference) -> bool:
    return difference.path.partition(".")[0] in TAGS


def _is_computed(change: Change, name: str) -> bool:
    """Return whether nothing is written for an attribute, so that its value follows by itself."""
    if change.resource is None:
        return True
    value = change.resource.raw.get(name)
    return not isinstance(value, Unknown) or value.is_computed


def _is_empty(difference: Difference) -> bool:
    """Return whether both values say that there is nothing, such as null and an empty list."""
    return {difference.before, difference.after} <= NOTHING


def _summarise(noise: Difference) -> Difference:
    if _is_empty(noise):
        return noise
    return replace(noise, before="(a hash)", after="(another)")


def _is_noise(difference: Difference) -> bool:
    values = [each for each in (difference.before, difference.after) if each not in {None, LATER}]
    return bool(values) and all(NOISE.fullmatch(str(each)) for each in values)


def _mask(masks: object, name: str) -> object:
    return masks.get(name) if is_mapping(masks) else masks is True


@dataclass(frozen=True)
class _Comparison:
    masks: Masks

    def _shown(self, value: object, path: str) -> str | None:
        return show(value, masks=self.masks, name=path.rpartition(".")[2])

    def walk(
        self,
        before: object,
        after: object,
        path: str,
        *,
        hidden: tuple[object, object] = (None, None),
    ) -> Iterator[Difference]:
        """Yield the differences of two values, the deepest that a person would look for."""
        if before == after:
            return
        if True in hidden:
            yield Difference(path=path, before=_hidden(before), after=_hidden(after))
        elif isinstance(after, Unknown):
            yield Difference(path=path, before=self._shown(before, path), after=LATER)
        elif is_mapping(before) and is_mapping(after):
            for key in dict.fromkeys((*before, *after)):
                inner = (_mask(hidden[0], key), _mask(hidden[1], key))
                yield from self.walk(before.get(key), after.get(key), f"{path}.{key}", hidden=inner)
        elif is_list(before) and is_list(after):
            yield from self._walk_lists(before, after, path, hidden)
        else:
            yield from self._walk_texts(before, after, path)

    def _walk_texts(self, before: object, after: object, path: str) -> Iterator[Difference]:
        first, second = documents.parse(before), documents.parse(after)
        if isinstance(first, str) or isinstance(second, str) or None in (first, second):
            yield Difference(
                path=path, before=self._shown(before, path), after=self._shown(after, path)
            )
        elif (old := documents.statements(first)) is not None and (
            new := documents.statements(second)
        ) is not None:
            yield from self._walk_whole(old, new, f"{path}: statement")
        elif documents.normalise(first) == documents.normalise(second):
            return
        elif first is before and second is after:
            yield Difference(
                path=path, before=self._shown(before, path), after=self._shown(after, path)
            )
        else:
            yield from self.walk(first, second, path)

    def _walk_whole(
        self, before: list[object], after: list[object], path: str
    ) -> Iterator[Difference]:
        """Yield elements as a whole, because their parts mean nothing alone."""
        for name, old, new in documents.pair(before, after):
            place = f"{path} {name}".rstrip()
            yield Difference(
                path=place, before=self._shown(old, place), after=self._shown(new, place)
            )

    def _walk_lists(
        self, before: list[object], after: list[object], path: str, hidden: tuple[object, object]
    ) -> Iterator[Difference]:
        # A mark within a list says which element by its place, which a set does not keep.
        if any(_marks(each) for each in hidden):
            yield Difference(path=path, before=_hidden(before), after=_hidden(after))
            return
        if len(before) == len(after) == 1:
            yield from self.walk(before[0], after[0], path)
            return
        if not any(map(is_mapping, (*before, *after))):
            gone = [each for each in before if each not in after]
            new = [each for each in after if each not in before]
            note = "" if gone or new else "only the order changes"
            yield Difference(
                path=path,
                before=self._shown(gone or (before if note else None), path),
                after=self._shown(new or (after if note else None), path),
                note=note,
            )
            return
        for name, old, new in documents.pair(before, after):
            place = f"{path}[{name}]" if name else path
            if is_mapping(old) and is_mapping(new):
                yield from self.walk(old, new, place)
            else:
                yield Difference(
                    path=place, before=self._shown(old, place), after=self._shown(new, place)
                )


def _hidden(value: object) -> str | None:
    return None if value in (None, "", [], {}) else HIDDEN


def _marks(mask: object) -> bool:
    """Return whether a mask marks anything."""
    if is_mapping(mask):
        return any(_marks(each) for each in mask.values())
    if is_list(mask):
        return any(_marks(each) for each in mask)
    return mask is True
