"""Fast loading makes the same output as stock loading, and does nothing where it cannot help."""

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from modules.bindings import activate, find_node, without_activation
from modules.toolchain import ROOT

pytestmark = pytest.mark.slow

KERNEL = ROOT / "modules" / "bindings" / "kernel.cjs"
STOCK_ENVIRONMENT = without_activation(base=os.environ)

BUILD = """
import sys
from pathlib import Path
from tests.conftest import ENVIRONMENT_NAMES
from tests.synthesis import synthesise
for name in ENVIRONMENT_NAMES:
    synthesise(name, folder=Path(sys.argv[1]) / name)
print("cdktf_cdktf_provider_aws.zonal" in " ".join(sys.modules), len(sys.modules))
"""


def _run(code: str, *arguments: str | Path, root: Path = ROOT, **variables: str) -> str:
    environment = STOCK_ENVIRONMENT | variables
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_output_is_the_same_byte_for_byte_with_fast_bindings_off_and_on(
    tmp_path: Path,
) -> None:
    fast, stock = tmp_path / "fast", tmp_path / "stock"
    modules_fast = int(_run(BUILD, fast).split()[1])
    modules_stock = int(_run(BUILD, stock, FAST_BINDINGS="off").split()[1])
    # Otherwise both ran the same way, and the comparison would be meaningless.
    assert modules_stock > modules_fast + 1_000
    names = _files(fast)
    assert len(names) == len(set(names)) > 12
    assert names == _files(stock)
    assert filecmp.cmpfiles(fast, stock, names, shallow=False) == (names, [], [])


def test_it_works_from_a_folder_with_spaces_and_keeps_the_users_options(tmp_path: Path) -> None:
    root = tmp_path / 'a "quoted" folder'
    shutil.copytree(ROOT / "modules" / "bindings", root / "modules" / "bindings")
    shutil.copy(ROOT / "modules" / "__init__.py", root / "modules")
    code = (
        "import modules, os\n"
        "from cdktf import App, Testing\n"
        "from cdktf_cdktf_provider_aws.vpc import Vpc\n"
        "print(os.environ['NODE_OPTIONS'])\n"
        "print(Testing.synth_scope is not None, App is not None, Vpc is not None)\n"
    )
    options, imported = _run(code, root=root, NODE_OPTIONS="--max-old-space-size=512").splitlines()
    assert options.startswith("--max-old-space-size=512 ")
    assert imported == "True True True"
    assert any((root / ".tools" / "v8-cache").rglob("*"))


def test_other_programs_on_node_start_without_it() -> None:
    environment = {"NODE_OPTIONS": "--max-old-space-size=512", "PATH": os.environ["PATH"]}
    before = dict(environment)
    activate(environment=environment)
    activate(environment=environment)
    assert environment["NODE_OPTIONS"].count("--disable-warning") == 1
    assert without_activation(base=environment) == before


def test_a_machine_without_node_uses_the_projects_own(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; import sys, main\n"
        "from tests.synthesis import synthesise\n"
        "synthesis = synthesise('local', folder=Path(sys.argv[1]))\n"
        "print(*(path.name for path in synthesis.folder.rglob('*.zip')))\n"
    )
    assert _run(code, tmp_path, PATH="/nowhere") == "edge-function.zip\n"


def test_it_does_nothing_if_the_python_package_has_another_layout(tmp_path: Path) -> None:
    package = tmp_path / "cdktf_cdktf_provider_aws"
    package.mkdir()
    (package / "__init__.py").write_text("SHAPE = 'another'\n")
    code = "import modules, cdktf_cdktf_provider_aws; print(cdktf_cdktf_provider_aws.SHAPE)"
    assert _run(code, PYTHONPATH=str(tmp_path)) == "another\n"


def test_it_does_nothing_if_the_node_package_has_no_lazy_index(tmp_path: Path) -> None:
    library = tmp_path / "node_modules" / "@cdktf" / "provider-aws" / "lib"
    library.mkdir(parents=True)
    index = library / "index.js"
    index.write_text("module.exports = 'eager';\n")
    program = tmp_path / "program.js"
    program.write_text("console.log(require(process.argv[4]));\n")

    def loaded() -> str:
        return subprocess.run(
            [find_node() or "node", KERNEL, program, tmp_path / "cache", index],
            env=STOCK_ENVIRONMENT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert loaded() == "eager\n"
    (library / "lazy-index.js").write_text("module.exports = 'lazy';\n")
    assert loaded() == "lazy\n"


def test_a_short_run_leaves_an_index_of_the_packages_types_for_later_runs(tmp_path: Path) -> None:
    code = "import modules, constructs; constructs.Node.PATH_SEP"
    _run(code, JSII_RUNTIME_PACKAGE_CACHE_ROOT=str(tmp_path))
    assert len([*tmp_path.rglob(".jsii.runtime.v*.json")]) == 1


def test_a_runtime_that_the_user_names_is_used(tmp_path: Path) -> None:
    runtime = tmp_path / "runtime.js"
    runtime.write_text("console.log(JSON.stringify({ hello: 'another' }));\n")
    code = "import modules\ntry: import cdktf\nexcept AssertionError as error: print(error)\n"
    assert "'another'" in _run(code, JSII_RUNTIME=str(runtime))
