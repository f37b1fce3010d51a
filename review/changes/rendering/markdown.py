"""Writes a review as Markdown, also as a comment on a change request.

Source: GitHub's limit of 65,536 characters a comment.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from review.changes.model import (
    RISKS,
    Action,
    Difference,
    Drift,
    Review,
    ReviewedChange,
    Risk,
    StackReview,
)
from review.changes.verdict import count_changes

COMMENT = 65_536
"""How many characters a comment may have."""

MARK = "<!-- terraform plan review: {title} -->"
"""The first line of a comment, by which a program finds it and updates it in place."""

SIGNS = {"safe": "✅", "needs care": "⚠️", "dangerous": "🛑", "cannot judge": "❔"}
HEADINGS: dict[Risk, str] = {
    "data loss": "Data loss",
    "outage": "Outage",
    "exposure": "Exposure",
    "cost": "Cost",
    "forgotten": "Forgotten objects",
    "routine": "Routine",
}
WORDS: dict[Action, str] = {
    "create": "create",
    "update": "update",
    "replace": "replace",
    "delete": "destroy",
    "forget": "forget",
    "import": "import",
    "move": "move",
    "unknown": "unknown action",
}
BASES = {
    "plan": "",
    "plan with planned values": "planned with the values that changed outputs will have",
    "plan with present values": "planned with the present values of outputs that change",
    "synthesis": "not planned: reviewed from its configuration, because it reads stacks that are "
    "not deployed",
    "nothing": "not reviewed",
}
FEW = 8
"""How many addresses are named before the rest is counted; all of them stand in the JSON."""

FIRST = 50
"""How many changes of a risk are shown where all of them do not fit."""

NOTES = 10
"""How much less important a section is that nobody has to act on."""

SHORT = 160
"""The characters of a value that stand in its line; longer ones get a block of their own."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the text, which may be shortened to make the rest fit."""

    rank: int
    """The importance; the highest is shortened first."""

    forms: tuple[str, ...]
    """The part, from the fullest form to the shortest; each says what it leaves out."""


def render_markdown(review: Review, *, limit: int | None = None) -> str:
    """Return the review as Markdown.

    Args:
        review: The review.
        limit: The most characters. The least important sections are shortened until it fits, and
            the text says what is left out.
    """
    head = "\n".join([MARK.format(title=review.title), *_head(review)])
    sections = list(_sections(review))
    chosen = [0] * len(sections)
    text = _join(head, sections, chosen)
    for index in sorted(range(len(sections)), key=lambda index: -sections[index].rank):
        while limit and len(text) > limit and chosen[index] + 1 < len(sections[index].forms):
            chosen[index] += 1
            text = _join(head, sections, chosen)
    if limit and len(text) > limit:
        ending = "\n\n… The rest does not fit; see the review in full.\n"
        text = text[: limit - len(ending)] + ending
    return text


def _join(head: str, sections: Sequence[Section], chosen: Sequence[int]) -> str:
    forms = [section.forms[form] for section, form in zip(sections, chosen, strict=True)]
    return "\n\n".join(part for part in (head, *forms) if part) + "\n"


def _head(review: Review) -> Iterator[str]:
    yield f"# {SIGNS[review.verdict]} {review.verdict}: {_line(review.sentence)}"
    yield ""
    yield f"{_line(review.title)} · {count_changes(review.stacks)} · digest `{review.digest}`"
    trust = [
        f"- {_line(f'{stack.name}: {line}' if stack.name else line)}"
        for stack in review.stacks
        for line in (*_basis(stack), *stack.blind, *stack.trust)
    ]
    if trust:
        yield ""
        yield "**This review deserves less trust:**"
        yield ""
        yield from trust


def _basis(stack: StackReview) -> Iterator[str]:
    said = BASES[stack.basis]
    if said and stack.basis != "nothing":
        yield f"{said}."


def _sections(review: Review) -> Iterator[Section]:
    if len(review.stacks) > 1:
        yield Section(rank=1, forms=("\n".join(_table(review)), ""))
    for number, risk in enumerate(RISKS, start=2):
        found = [
            (stack, change)
            for stack in review.stacks
            for change in stack.changes
            if change.risk == risk
        ]
        if found:
            is_serious = any(change.level != "note" for _, change in found)
            rank = number if is_serious else number + NOTES
            yield Section(rank=rank, forms=tuple(_forms(review, risk, found)))
    for rank, lines, name in (
        (9, _drift_lines(review), "What was changed outside Terraform"),
        (NOTES, _cost_lines(review), "What is billed"),
        (NOTES + 9, _output_lines(review), "Changes of outputs"),
        (NOTES + 10, _tag_lines(review), "Changes of tags alone"),
    ):
        if said := "\n".join(lines):
            yield Section(rank=rank, forms=(said, f"*{name}: left out, because it does not fit.*"))


def _forms(
    review: Review, risk: Risk, found: Sequence[tuple[StackReview, ReviewedChange]]
) -> Iterator[str]:
    """Yield the section of a risk: in full, without values, the first changes only, a count."""
    yield "\n".join(_risk_lines(review, risk, found))
    bare = [(stack, replace(change, differences=())) for stack, change in found]
    yield "\n".join(
        (*_risk_lines(review, risk, bare), "", "*Values are left out, because they do not fit.*")
    )
    count = sum(len(change.addresses) for _, change in found)
    if len(bare) > FIRST:
        shown = sum(len(change.addresses) for _, change in bare[:FIRST])
        rest = f"*{count - shown} more changes are left out, because they do not fit.*"
        yield "\n".join((*_risk_lines(review, risk, bare[:FIRST]), "", rest))
    yield f"*{HEADINGS[risk]}: {count} changes are left out, because they do not fit.*"


def _table(review: Review) -> Iterator[str]:
    yield "| stack | changes | unchanged |"
    yield "|---|---|---|"
    for stack in review.stacks:
        said = "not reviewed" if stack.basis == "nothing" else count_changes([stack])
        yield f"| {_cell(stack.name)} | {said} | {stack.unchanged} |"


def _risk_lines(
    review: Review, risk: Risk, found: Sequence[tuple[StackReview, ReviewedChange]]
) -> Iterator[str]:
    yield f"## {HEADINGS[risk]}"
    place = ""
    for names, change in _join_stacks(found):
        if len(review.stacks) > 1 and names != place:
            place = names
            yield ""
            yield f"### {_line(names)}"
        yield ""
        yield from _change_lines(change)


def _join_stacks(
    found: Sequence[tuple[StackReview, ReviewedChange]],
) -> Iterator[tuple[str, ReviewedChange]]:
    """Say the same change in several stacks once: the stacks' names, and the change of them all."""
    joined: dict[object, list[tuple[StackReview, ReviewedChange]]] = {}
    for stack, change in found:
        said = tuple(dict.fromkeys(each.sentence for each in change.findings))
        key = (change.type, change.action, change.level, change.differences, change.why, said,
               change.creates_first, change.deposed)  # fmt: skip
        # What is created or goes has no differences that would show that it is the same.
        own = () if change.differences else (stack.name,)
        joined.setdefault((key, own), []).append((stack, change))
    for alike in joined.values():
        stack, change = alike[0]
        if len(alike) > 1:
            addresses = [f"{one.name}/{each}" for one, other in alike for each in other.addresses]
            change = replace(change, addresses=tuple(addresses), name="")
        yield ", ".join(dict.fromkeys(one.name for one, _ in alike)), change


def _change_lines(change: ReviewedChange) -> Iterator[str]:
    level = {"danger": "🛑 ", "care": "⚠️ ", "note": ""}[change.level]
    first = " (the new object first)" if change.creates_first else ""
    deposed = " (an old object)" if change.deposed else ""
    name = f" · {_code(change.name)}" if change.name and change.name not in change.addresses else ""
    what = _addresses(change.addresses)
    yield f"- {level}**{WORDS[change.action]}**{first} {what}{deposed}{name}"
    for sentence in dict.fromkeys(each.sentence for each in change.findings if each.unit == ""):
        yield f"  - {_line(sentence)}"
    for why in change.why:
        yield f"  - why: {_line(why)}"
    for each in change.differences:
        yield from _difference_lines(each)
    if change.folded:
        yield f"  - {describe_folded(change)}"


def describe_folded(change: ReviewedChange) -> str:
    """Return what is left out of the differences of a change."""
    if change.folded == 1:
        return "1 value that AWS computes, or nobody can read, is left out"
    return f"{change.folded} values that AWS computes, or nobody can read, are left out"


def _difference_lines(difference: Difference) -> Iterator[str]:
    forces = " **(forces replacement)**" if difference.forces_replacement else ""
    note = f" ({_line(difference.note)})" if difference.note else ""
    before, after = difference.before, difference.after
    if max(len(before or ""), len(after or "")) <= SHORT and "\n" not in f"{before}{after}":
        yield (f"  - {_code(difference.path)}: {_value(before)} → {_value(after)}{forces}{note}")
        return
    yield f"  - {_code(difference.path)}:{forces}{note}"
    yield "    ```diff"
    for sign, value in (("-", before), ("+", after)):
        for line in (value or "").replace("```", "'''").splitlines():
            yield f"    {sign} {line}"
    yield "    ```"


def _addresses(addresses: Sequence[str]) -> str:
    named = ", ".join(_code(each) for each in addresses[:FEW])
    more = len(addresses) - FEW
    return f"{named} and {more} more" if more > 0 else named


def _cost_lines(review: Review) -> Iterator[str]:
    found = [each for each in review.findings if each.unit]
    if not found:
        return
    counted: dict[tuple[str, str], list[float | None]] = {}
    for each in found:
        type_ = each.address.rpartition("]")[0] or each.address
        key = (_type_of(type_), each.sentence)
        counted.setdefault(key, []).append(each.monthly)
    yield "## New and gone of what is billed by time or capacity"
    yield ""
    yield f"| type | number | billed | {review.currency or 'amount'} a month |"
    yield "|---|---|---|---|"
    total = 0.0
    for (type_, sentence), amounts in sorted(counted.items()):
        known = [each for each in amounts if each is not None]
        total += sum(known)
        amount = f"{sum(known):+,.2f}" if known else "no price given"
        yield f"| {_cell(type_)} | {len(amounts)} | {_cell(sentence)} | {amount} |"
    if any(each.monthly is not None for each in found):
        yield f"| together, without use and without what has no price | | | {total:+,.2f} |"


def _type_of(address: str) -> str:
    parts = address.partition("[")[0].split(".")
    while parts[:1] == ["module"]:
        parts = parts[2:]
    return parts[0]


def _tag_lines(review: Review) -> Iterator[str]:
    for stack in review.stacks:
        if stack.tags_only:
            place = f"{_line(stack.name)}: " if stack.name else ""
            yield f"{place}only tags change of {_addresses(stack.tags_only)}."


def _output_lines(review: Review) -> Iterator[str]:
    if not any(stack.outputs for stack in review.stacks):
        return
    yield "## Outputs"
    yield ""
    for stack in review.stacks:
        for each in stack.outputs:
            place = f"{_line(stack.name)} " if stack.name else ""
            what = f"{place}{_code(each.name)}"
            yield f"- {what}: {_value(each.before)} → {_value(each.after)}"


def _drift_lines(review: Review) -> Iterator[str]:
    found = [each for stack in review.stacks for each in stack.drift]
    if not found:
        return
    yield "## Changed outside Terraform"
    yield ""
    for each in found:
        yield from _one_drift(each)


def _one_drift(drift: Drift) -> Iterator[str]:
    place = f"{_line(drift.stack)} " if drift.stack else ""
    what = "is gone" if drift.gone else "differs"
    yield f"- {place}{_code(drift.address)} {what}: {_line(drift.outcome)}."
    for each in drift.differences:
        yield from _difference_lines(each)


def _value(value: str | None) -> str:
    return "*nothing*" if value is None else _code(value)


def _code(text: str) -> str:
    """Return a text as code that no character in it can end."""
    text = text.replace("\n", " ").replace("|", "\\|")
    ticks = "`" if "`" not in text else "``"
    return f"{ticks} {text} {ticks}" if ticks == "``" else f"`{text}`"


def _line(text: str) -> str:
    """Return a text without markup and line breaks."""
    escaped = text.replace("\\", "\\\\").replace("<", "&lt;").replace("`", "'")
    return " ".join(escaped.split())


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")
