"""The Makefile lists its commands, and set-up installs Python packages."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from modules.toolchain import ROOT

MakeExecutable = Callable[[Path, str], Path]

# A stand-in for Python, whose pip fails in a virtual environment while the file `broken` exists.
PYTHON = """
case "$*" in
-c*) exit 0 ;;
"-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
"-m pip"*) echo run >>pip-runs; test ! -e broken ;;
esac
"""


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
    commands = set(phony.split()) - {"always"}

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


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project that has nothing but a lock, in a path with a space."""
    folder = tmp_path / "my project"
    folder.mkdir()
    (folder / "requirements.lock").write_text("locked", encoding="utf-8")
    return folder


def make_venv(project: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", ROOT / "commands/setup/venv.sh"],
        cwd=project,
        env={"PATH": os.environ["PATH"], **environment},
        check=False,
        capture_output=True,
        text=True,
    )


def test_only_an_incomplete_installation_is_repeated(
    project: Path, tmp_path: Path, make_executable: MakeExecutable
) -> None:
    python = str(make_executable(tmp_path / "my python", PYTHON))
    (project / "broken").touch()
    failed = make_venv(project, PYTHON=python)
    assert failed.returncode == 1
    assert "run the same command again" in failed.stderr
    assert not (project / ".venv/.complete").exists()

    (project / "broken").unlink()
    (project / ".venv/left-over").touch()
    assert make_venv(project, PYTHON=python).returncode == 0
    assert not (project / ".venv/left-over").exists()

    assert make_venv(project, PYTHON=python).stderr == ""
    assert (project / "pip-runs").read_text(encoding="utf-8") == "run\n" * 2


def test_a_python_that_is_too_old_is_skipped(
    project: Path, tmp_path: Path, make_executable: MakeExecutable
) -> None:
    for name in ("cp", "cmp", "mkdir", "rm"):
        found = shutil.which(name)
        assert found
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).symlink_to(found)
    make_executable(tmp_path / "bin/python3", "exit 1")  # an old Python, or a failing shim

    failed = make_venv(project, PATH=str(tmp_path / "bin"))
    assert failed.returncode == 1
    assert "no Python 3.10 or later" in failed.stderr

    make_executable(tmp_path / "bin/python3.12", PYTHON)
    assert make_venv(project, PATH=str(tmp_path / "bin")).returncode == 0


def test_a_named_python_that_does_not_work_is_an_error(project: Path) -> None:
    failed = make_venv(project, PYTHON="/no/such/python")

    assert failed.returncode == 1
    assert "PYTHON=/no/such/python is not a working Python 3.10" in failed.stderr
    assert not (project / ".venv").exists()
