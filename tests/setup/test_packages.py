"""Set-up installs the packages of the locks, once, and reports what goes wrong."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from modules.toolchain import ROOT

MakeExecutable = Callable[[Path, str], Path]

SCRIPTS = ROOT / "commands/setup"

# A stand-in for Python, which records what it installs with. pip and uv fail in a virtual
# environment while the file `broken` exists; pip has no uv while `no-uv` exists.
PYTHON = """
case "$*" in
-c*) exit 0 ;;
"-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python; exit ;;
*requirements-uv.lock) test ! -e no-uv && cp "$0" .venv/bin/uv; exit ;;
"-m pip"*) echo pip >>runs ;;
"-m commands.setup.uv"*) echo uv >>runs ;;
esac
echo "WARNING: Location is ignored" >&2
test ! -e broken
"""

NPM = """
echo npm >>"$RUNS"
echo "npm warn deprecated" >&2
test ! -e broken && mkdir -p "$2/node_modules"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project that has nothing but locks, in a path with a space."""
    folder = tmp_path / "my project"
    folder.mkdir()
    for lock in ("requirements.lock", "package-lock.json"):
        (folder / lock).write_text("locked", encoding="utf-8")
    return folder


def run(
    script: str, *arguments: str, project: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", SCRIPTS / script, *arguments],
        cwd=project,
        env={"PATH": os.environ["PATH"], **environment},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def python(tmp_path: Path, make_executable: MakeExecutable) -> str:
    """Return the stand-in for Python."""
    return str(make_executable(tmp_path / "my python", PYTHON))


def test_only_an_incomplete_installation_is_repeated(project: Path, python: str) -> None:
    (project / "broken").touch()
    failed = run("venv.sh", project=project, PYTHON=python)
    assert failed.returncode == 1
    assert failed.stderr.count("WARNING: Location is ignored") == len(("uv", "pip"))
    assert "run the same command again" in failed.stderr
    assert not (project / ".venv/.complete").exists()

    (project / "broken").unlink()
    (project / ".venv/left-over").touch()
    installed = run("venv.sh", project=project, PYTHON=python)
    assert installed.returncode == 0
    assert installed.stderr == "Installing Python packages into .venv ...\n"
    assert not (project / ".venv/left-over").exists()

    assert run("venv.sh", project=project, PYTHON=python).stderr == ""
    assert (project / "runs").read_text(encoding="utf-8").split() == ["uv", "pip", "uv"]


def test_pip_installs_where_uv_is_not_available(project: Path, python: str) -> None:
    (project / "no-uv").touch()

    installed = run("venv.sh", project=project, PYTHON=python)

    assert installed.returncode == 0
    assert installed.stderr == "Installing Python packages into .venv ...\n"
    assert (project / "runs").read_text(encoding="utf-8").split() == ["pip"]


def test_a_python_that_is_too_old_is_skipped(
    project: Path, tmp_path: Path, make_executable: MakeExecutable
) -> None:
    for name in ("cat", "cmp", "cp", "dirname", "mkdir", "mktemp", "rm", "sh"):
        found = shutil.which(name)
        assert found
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).symlink_to(found)
    make_executable(tmp_path / "bin/python3", "exit 1")  # an old Python, or a failing shim

    failed = run("venv.sh", project=project, PATH=str(tmp_path / "bin"))
    assert failed.returncode == 1
    assert "no Python 3.10 or later" in failed.stderr

    make_executable(tmp_path / "bin/python3.12", PYTHON)
    assert run("venv.sh", project=project, PATH=str(tmp_path / "bin")).returncode == 0


def test_a_named_python_that_does_not_work_is_an_error(project: Path) -> None:
    failed = run("venv.sh", project=project, PYTHON="/no/such/python")

    assert failed.returncode == 1
    assert "PYTHON=/no/such/python is not a working Python 3.10" in failed.stderr
    assert not (project / ".venv").exists()


def test_node_packages_are_installed_again_only_after_a_change_of_their_lock(
    project: Path, tmp_path: Path, make_executable: MakeExecutable
) -> None:
    make_executable(project / ".venv/bin/npm", NPM)
    (project / "broken").touch()

    def install() -> subprocess.CompletedProcess[str]:
        return run("npm.sh", ".", "the packages", project=project, RUNS=str(tmp_path / "runs"))

    failed = install()
    assert failed.returncode == 1
    assert "npm warn deprecated" in failed.stderr
    assert "run the same command again" in failed.stderr

    (project / "broken").unlink()
    assert install().stderr == "Installing the packages into ./node_modules ...\n"
    assert install().stderr == ""
    (project / "package-lock.json").write_text("another", encoding="utf-8")
    assert install().returncode == 0
    assert (tmp_path / "runs").read_text(encoding="utf-8").split() == ["npm"] * 3


def test_the_cdktf_command_is_installed_when_it_is_first_called(
    project: Path, tmp_path: Path, make_executable: MakeExecutable
) -> None:
    cdktf = make_executable(project / ".venv/bin/cdktf", "")
    shutil.copy(SCRIPTS / "cdktf.sh", cdktf)
    make_executable(project / ".venv/bin/python", 'shift 3; echo "$@"')
    make_executable(
        tmp_path / "bin/make",
        'echo installing; mkdir -p "$2/node_modules"; cp "$2/package-lock.json" "$2/$4"',
    )
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"

    first, second = (
        subprocess.run(
            [cdktf, "diff"], env={"PATH": path}, check=True, capture_output=True, text=True
        )
        for _ in range(2)
    )

    assert (first.stdout, first.stderr) == ("cdktf diff\n", "installing\n")
    assert (second.stdout, second.stderr) == ("cdktf diff\n", "")
