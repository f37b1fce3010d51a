"""Wildcard patterns of IAM policies, load balancer rules and cache behaviors."""

import re
from functools import cache


def matches(pattern: str, text: str) -> bool:
    """Return whether a text matches a pattern: `*` is any characters, `?` is one character."""
    return _compiled(pattern).fullmatch(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in re.split(r"([*?])", pattern))
    translated = "".join({r"\*": ".*", r"\?": "."}.get(part, part) for part in parts)
    return re.compile(translated, re.DOTALL)
