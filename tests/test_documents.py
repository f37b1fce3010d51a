"""The documents name files, folders and commands that exist."""

import re
from pathlib import Path

import pytest

from modules.toolchain import ROOT

TOP_FOLDERS = (
    "commands",
    "container",
    "docs",
    "environments",
    "local_aws",
    "modules",
    "review",
    "tests",
)
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "local_aws").glob("*.md"),
    ]
)

_LINK = re.compile(r"\]\((?!https?://)([^)#\s]+)(?:#([^)\s]+))?\)")
_ANCHOR = re.compile(r"\]\(#([^)\s]+)\)")
_PATH = re.compile(rf"`((?:{'|'.join(TOP_FOLDERS)})/[\w./-]*)`")
_MAKE = re.compile(r"`make ([a-z-]+)")


def _anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_names_only_what_exists(document: Path) -> None:
    text = document.read_text()
    for path, anchor in _LINK.findall(text):
        target = (document.parent / path).resolve()
        assert target.exists(), path
        assert not anchor or anchor in _anchors(target), f"{path}#{anchor}"
    assert set(_ANCHOR.findall(text)) <= _anchors(document)
    for path in _PATH.findall(text):
        generated = path.split("/")[-1].startswith(("NAME", "SERVICE", "test_SERVICE"))
        assert generated or (ROOT / path).exists(), path
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(_MAKE.findall(text)) <= targets
