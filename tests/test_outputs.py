"""The document of outputs matches what is synthesised."""

import re

from modules.toolchain import ROOT
from tests.synthesis import Synthesis

ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<description>.+) \|$", re.MULTILINE)


def test_the_document_lists_every_output_as_it_is(synthesis: Synthesis) -> None:
    document = (ROOT / "docs" / "outputs.md").read_text()
    documented = {
        part.splitlines()[0].strip(): dict(ROW.findall(part))
        for part in document.split("\n## ")[1:]
    }
    exported = {
        part: {
            name: output["description"]
            for name, output in stack.document["output"].items()
            if not name.startswith("cross-stack-output-")
        }
        for part, stack in synthesis.stacks.items()
    }
    assert documented == exported
