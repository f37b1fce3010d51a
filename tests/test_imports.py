"""How the project's files import each other, read from their text."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from modules.settings import PARTS

ROOT = Path(__file__).parents[1]
PACKAGES = ("review", "local_aws", "modules", "commands")

BELOW = ("errors", "bindings", "toolchain", "settings", "release", "shared")
"""What every stack's folder may import, each only those before it."""

ORDER = (*BELOW, *PARTS, "stacks")
"""The folders of `modules/`: each imports only from those before its own."""


def import_graph() -> dict[str, set[str]]:
    """Return the project's modules that each of them imports, by dotted name.

    Imports inside functions count too. `from package import name` is an import of the module
    `package.name` if there is one, else of `package`. Parent packages do not count.
    """
    files = [ROOT / "main.py", *(file for name in PACKAGES for file in (ROOT / name).rglob("*.py"))]
    modules = {_module_name(file): file for file in files}
    graph: dict[str, set[str]] = {}
    for module, file in modules.items():
        imported = _imported_names(ast.parse(file.read_text()))
        parents = {name if name in modules else name.rpartition(".")[0] for name in imported}
        graph[module] = parents & modules.keys() - {module}
    return graph


def _module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imported_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    return import_graph()


def test_files_import_each_other_without_circles(graph: dict[str, set[str]]) -> None:
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the modules of the circle


def test_the_review_stands_alone(graph: dict[str, set[str]]) -> None:
    """It works on any Terraform JSON, so it can be taken out of this project."""
    wrong = {
        f"{module} imports {target}"
        for module, targets in graph.items()
        for target in targets
        if module.startswith("review")
        and (not target.startswith("review") or module.startswith("review.limits"))
    }
    assert not wrong


def test_limits_are_data_alone() -> None:
    for file in (ROOT / "review" / "limits").glob("*.py"):
        imported = {each.partition(".")[0] for each in _imported_names(ast.parse(file.read_text()))}
        assert imported <= {"typing"}, file.name


def test_the_platform_reads_only_the_limits_of_the_review(graph: dict[str, set[str]]) -> None:
    wrong = {
        f"{module} imports {target}"
        for module, targets in graph.items()
        for target in targets
        if target.startswith("review.")
        and not target.startswith("review.limits")
        and not module.startswith(("review", "commands"))
        and module != "main"
    }
    assert not wrong


def _folder(module: str) -> str:
    """Return the folder of `modules/` that a module is in, or nothing for another package."""
    package, *rest = module.split(".")
    return rest[0] if package == "modules" and rest else ""


def test_a_folder_of_modules_imports_only_from_those_before_it(graph: dict[str, set[str]]) -> None:
    assert {_folder(module) for module in graph} - {""} == set(ORDER)
    wrong = {
        f"{module} imports {target}"
        for module, targets in graph.items()
        for target in targets
        if (folder := _folder(module))
        and not target.startswith("review.limits")
        and _folder(target) not in ORDER[: ORDER.index(folder) + 1]
    }
    assert not wrong


def test_shared_holds_only_what_two_stacks_or_more_use(graph: dict[str, set[str]]) -> None:
    for shared in (module for module in graph if _folder(module) == "shared" and "." in module[8:]):
        users = {_stack(module) for module in graph if shared in _reached(module, graph=graph)}
        assert len(users & {*PARTS}) > 1, f"{shared} is used by {users}: move it to its stack"


def _stack(module: str) -> str:
    """Return the stack that a module belongs to: `modules.data.x` and `modules.stacks.data`."""
    return module.split(".")[2] if _folder(module) == "stacks" else _folder(module)


def _reached(module: str, *, graph: dict[str, set[str]]) -> set[str]:
    """Return what a module imports, and what that imports within `shared/`."""
    shared = {name for name in graph[module] if _folder(name) == "shared"}
    return graph[module].union(*(_reached(name, graph=graph) for name in shared))
