"""Parses Terraform's expressions into a tree.

Source: Terraform documentation, Expressions; HCL Native Syntax Specification.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from review.terraform.values import Reference, Step

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<name>[A-Za-z_][\w-]*)
    |(?P<quote>")
    |(?P<sign>\.\.\.|=>|&&|\|\||[=!<>]=|[-+*/%<>!?:.,()\[\]{}=])
    )""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"[^$%\"\\]*")
_SOLE = re.compile(r"\$\{([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+)\}")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))


class UnparsedError(Exception):
    """An expression uses syntax that is not read here, such as a `for`."""


@dataclass(frozen=True)
class Node:
    """A part of an expression."""

    kind: str
    """`literal`, `template`, `reference`, `call`, `list`, `object`, `index`, `unary`, `binary`,
    `choice` or `opaque`."""

    value: Any = None
    """The literal, the reference, or the name of the function or the operator."""

    parts: tuple["Node", ...] = ()

    def references(self) -> Iterator[Reference]:
        """Yield everything that it reads."""
        if self.kind == "reference":
            yield self.value
        elif self.kind == "opaque":
            yield from _scan(self.value)
        for part in self.parts:
            yield from part.references()


@lru_cache(maxsize=20_000)
def parse_template(text: str) -> Node:
    """Return the tree of a string with `${...}` in it; what cannot be read becomes `opaque`."""
    if found := _SOLE.fullmatch(text):
        return _name_node(found[1].split("."))
    try:
        parts, end = _Parser(text).template(0, quoted=False)
    except (UnparsedError, RecursionError):
        return Node("opaque", text)
    if end != len(text):
        return Node("opaque", text)
    return _joined(parts)


def _joined(parts: list[Node]) -> Node:
    if not parts:
        return Node("literal", "")
    return parts[0] if len(parts) == 1 else Node("template", parts=tuple(parts))


def _name_node(names: Sequence[Step]) -> Node:
    """Split names into an address and a path."""
    first = str(names[0])
    length = {"data": 3, "module": 2, "local": 2, "var": 2, "each": 2, "count": 2, "path": 2}
    size = length.get(first, 2)
    if first in {"self", "terraform"}:
        size = 2
    if len(names) < size or not all(isinstance(each, str) for each in names[:size]):
        return Node("opaque", ".".join(map(str, names)))
    address = ".".join(str(each) for each in names[:size])
    return Node("reference", Reference(address, tuple(names[size:])))


_SCANNED = re.compile(r"(?<![\w.\"-])((?:data\.)?[a-z][a-z0-9]*_[\w]*\.[\w-]+(?:\.\w+)?|var\.\w+)")


def _scan(text: str) -> Iterator[Reference]:
    """Yield what looks like a reference in an expression that is not parsed."""
    for found in _SCANNED.finditer(text):
        node = _name_node(list(found[1].split(".")))
        if node.kind == "reference":
            yield node.value


class _Parser:
    """A recursive descent over one text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def template(self, at: int, *, quoted: bool) -> tuple[list[Node], int]:
        """Read up to the closing quote, or to the end."""
        text, parts, plain = self.text, list[Node](), list[str]()
        while at < len(text):
            two = text[at : at + 2]
            if quoted and text[at] == '"':
                break
            if text[at : at + 3] in {"$${", "%%{"}:
                plain.append(text[at + 1 : at + 3])
                at += 3
            elif two == "${":
                if plain:
                    parts.append(Node("literal", "".join(plain)))
                    plain.clear()
                start = at + (3 if text[at + 2 : at + 3] == "~" else 2)
                node, at = self.expression(start)
                at = self._expect("}", at)
                parts.append(node)
            elif two == "%{":
                raise UnparsedError
            elif quoted and text[at] == "\\":
                plain.append(_ESCAPES.get(text[at + 1 : at + 2], text[at : at + 2]))
                at += 2
            else:
                run = _PLAIN.match(text, at + 1)
                end = run.end() if run else at + 1
                plain.append(text[at:end])
                at = end
        if plain:
            parts.append(Node("literal", "".join(plain)))
        return parts, at

    def expression(self, at: int) -> tuple[Node, int]:
        """Read an expression with its `? :`."""
        node, at = self._binary(at, 0)
        sign, after = self._peek(at)
        if sign != "?":
            return node, at
        yes, at = self.expression(after)
        no, at = self.expression(self._expect(":", at))
        return Node("choice", parts=(node, yes, no)), at

    def _binary(self, at: int, level: int) -> tuple[Node, int]:
        if level == len(_LEVELS):
            return self._unary(at)
        node, at = self._binary(at, level + 1)
        while True:
            sign, after = self._peek(at)
            if sign not in _LEVELS[level]:
                return node, at
            right, at = self._binary(after, level + 1)
            node = Node("binary", sign, (node, right))

    def _unary(self, at: int) -> tuple[Node, int]:
        sign, after = self._peek(at)
        if sign in {"!", "-"}:
            node, at = self._unary(after)
            return Node("unary", sign, (node,)), at
        return self._postfix(at)

    def _postfix(self, at: int) -> tuple[Node, int]:
        token, after = self._token(at)
        if token.lastgroup == "name" and self._peek(after)[0] != "(":
            names, at = self._names(token["name"], after)
            if names in (["true"], ["false"], ["null"]):
                node = Node("literal", {"true": True, "false": False, "null": None}[str(names[0])])
            else:
                node = _name_node(names)
                if node.kind == "opaque":
                    raise UnparsedError
        else:
            node, at = self._primary(token, after)
        while True:
            sign, after = self._peek(at)
            if sign == "[":
                index, at = self.expression(after)
                at = self._expect("]", at)
                node = Node("index", parts=(node, index))
            elif sign == ".":
                token, at = self._token(after)
                if token.lastgroup not in {"name", "number"}:
                    raise UnparsedError
                node = Node("index", parts=(node, Node("literal", token[0].strip())))
            else:
                return node, at

    def _names(self, first: str, at: int) -> tuple[list[Step], int]:
        """Read `.name`, `[0]`, `["key"]`, `[*]` and `.*` as long as they follow."""
        names: list[Step] = [first]
        while True:
            sign, after = self._peek(at)
            if sign == ".":
                token, after = self._token(after)
                word = token[0].strip()
                if token.lastgroup not in {"name", "number"} and word != "*":
                    raise UnparsedError
                names.append(int(word) if word.isdigit() else word)
                at = after
            elif sign == "[" and (
                found := re.compile(r'\s*(?:(\d+)|"([^"$\\]*)"|(\*))\s*\]').match(self.text, after)
            ):
                names.append(int(found[1]) if found[1] else found[2] or "*")
                at = found.end()
            else:
                return names, at

    def _primary(self, token: re.Match[str], at: int) -> tuple[Node, int]:
        kind, word = token.lastgroup, token[0].strip()
        if kind == "number":
            return Node("literal", float(word) if not word.isdigit() else int(word)), at
        if kind == "quote":
            parts, at = self.template(at, quoted=True)
            if at >= len(self.text):
                raise UnparsedError
            return _joined(parts), at + 1
        if kind == "name":
            arguments, at = self._items(self._expect("(", at), ")")
            return Node("call", word, arguments), at
        if word == "(":
            node, at = self.expression(at)
            return node, self._expect(")", at)
        if word == "[":
            items, at = self._items(at, "]")
            return Node("list", parts=items), at
        if word == "{":
            return self._object(at)
        raise UnparsedError

    def _items(self, at: int, end: str) -> tuple[tuple[Node, ...], int]:
        items: list[Node] = []
        while True:
            sign, after = self._peek(at)
            if sign == end:
                return tuple(items), after
            node, at = self.expression(at)
            items.append(node)
            sign, after = self._peek(at)
            if sign == ",":
                at = after
            elif sign != end:
                raise UnparsedError

    def _object(self, at: int) -> tuple[Node, int]:
        items: list[Node] = []
        while True:
            sign, after = self._peek(at)
            if sign == "}":
                return Node("object", parts=tuple(items)), after
            token, after = self._token(at)
            if token.lastgroup == "name":
                key, at = Node("literal", token["name"]), after
            else:
                key, at = self._postfix(at)
            sign, after = self._peek(at)
            if sign not in {"=", ":"}:
                raise UnparsedError
            value, at = self.expression(after)
            items += (key, value)
            sign, after = self._peek(at)
            if sign == ",":
                at = after

    def _token(self, at: int) -> tuple[re.Match[str], int]:
        found = _TOKEN.match(self.text, at)
        if not found:
            raise UnparsedError
        return found, found.end()

    def _peek(self, at: int) -> tuple[str, int]:
        """Return the next sign, or nothing for another token, and the place behind it."""
        found = _TOKEN.match(self.text, at)
        return (found["sign"] or "", found.end()) if found else ("", at)

    def _expect(self, sign: str, at: int) -> int:
        found, after = self._peek(at)
        if found != sign:
            raise UnparsedError
        return after
