"""The Makefile lists its commands and passes their variables on."""

import os
import re
import subprocess
from pathlib import Path

from modules.toolchain import ROOT


def make(*arguments: str) -> str:
    from_outer_make = ("MAKEFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "SUFFIX", "FORMAT")
    return subprocess.check_output(
        ["make", "-C", ROOT, "--no-print-directory", *arguments],
        env={k: v for k, v in os.environ.items() if k not in from_outer_make},
        text=True,
    )


def test_make_without_a_target_lists_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = makefile.replace("\\\n", " ").partition(".PHONY: ")[2].partition("\n")[0]
    commands = set(phony.split()) - {"always", "tools"}

    listed = dict(re.findall(r"^  make (\S+) +(\S.*)$", make(), re.MULTILINE))

    assert set(listed) == commands


def test_every_variable_of_the_commands_is_listed_once() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    listed = re.findall(r"^#   ([A-Z_]+)=", makefile, re.MULTILINE)
    sources = [path.read_text() for path in sorted((ROOT / "commands").rglob("*.py"))]
    sources.append((ROOT / "modules/settings/selection.py").read_text())
    read = {
        name for text in sources for name in re.findall(r'os\.environ\.get\("([A-Z_]+)"\)', text)
    }
    from_environment = {"DOCKER_CONFIG", "ENVIRONMENT"}
    assert len(set(listed)) == len(listed)
    assert set(listed) == read - from_environment | {"ENV", "SUFFIX", "PYTHON"}


def test_environment_suffix_and_format_reach_the_commands(tmp_path: Path) -> None:
    show = tmp_path / "show.mk"
    show.write_text(
        "show:\n\t@echo $$ENVIRONMENT $${ENVIRONMENT_SUFFIX-unset} $${FORMAT-unset}\n",
        encoding="utf-8",
    )

    def shown(*arguments: str) -> str:
        return make("-f", "Makefile", "-f", str(show), "show", *arguments).strip()

    assert shown() == "local unset unset"
    assert shown("SUFFIX=") == "local unset unset"
    assert shown("ENV=prod", "SUFFIX=pr42", "FORMAT=json") == "prod pr42 json"
